/*
 * What the templates of a page are rendered with. For page.c, and for the check of all
 * pages (pagecheck/).
 */
#ifndef PAGE_SOURCE_H
#define PAGE_SOURCE_H

#include "page/page.h"

/* The source of a page's templates and phrases. Borrows `page`. */
struct template_source page_source(const struct page *page);

/* The fields that come last: title, and failed. */
void page_title(struct page *page, const char *key);

#endif
