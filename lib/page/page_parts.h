/* Shared by page.c and page_values.c. Nobody else includes this. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "page/page.h"

/* One more value. If there are too many, page_send refuses the page. */
void page_add(struct page *page, struct template_field field);

#endif
