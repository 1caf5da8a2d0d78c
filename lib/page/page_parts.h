/* Shared by page.c and the check of pages. Nobody else includes this. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "page/page.h"

/* The source of a page's templates and phrases. Borrows `page`. */
struct template_source page_source(const struct page *page);

/* One more value. If there are too many, page_send refuses the page. */
void page_add(struct page *page, struct template_field field);

/* The fields that come last: title, and failed. */
void page_title(struct page *page, const char *key);

/*
 * The page "login", "account", … with every name that its template and its phrases may
 * use, and a value for each (page_samples.c). `inputs` are the form fields that the
 * page needs to work.
 */
struct page_sample {
	const char *name;
	const char *inputs[5];
	const struct template_field *fields;
	size_t n;
};

/* The last entry's name is NULL. */
extern const struct page_sample page_samples[];

#endif
