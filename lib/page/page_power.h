/* The power to show pages. NULL if the program does not name power_pages. */
#ifndef PAGE_POWER_H
#define PAGE_POWER_H

#include "http/request.h"
#include "page/page.h"
#include "serve/power.h"

extern const struct power power_pages;

struct pages *app_pages(const struct app *app);

/* page_init in the language for `req`. The power must be open. */
void app_page(const struct app *app, const struct request *req, const char *name,
	      struct page *page);

/* As above, for page_error. */
void app_page_error(const struct app *app, const struct request *req, int status,
		    const char *code, struct response *res);

/*
 * The language for `req` as a tag for the database, which has the forms "de" and "pt-BR".
 * Empty for a tag of another form. It borrows from `tag` or from the pages.
 */
#define PAGE_LANGUAGE_SIZE 6
struct str app_page_language(const struct app *app, const struct request *req,
			     char tag[PAGE_LANGUAGE_SIZE]);

#endif
