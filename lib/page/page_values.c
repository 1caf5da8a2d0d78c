/* The values that a page gives to its template. */
#include "page/page_parts.h"

/* Fields beyond the limit are counted, and page_send then refuses the page. */
void
page_add(struct page *page, struct template_field field)
{
	if (page->n < PAGE_FIELDS_MAX)
		page->fields[page->n] = field;
	page->n++;
}

void
page_text(struct page *page, const char *name, struct str text)
{
	page_add(page, (struct template_field){ name, TEMPLATE_TEXT, .text = text });
}

void
page_phrase(struct page *page, const char *name, const char *key)
{
	page_add(page,
		 (struct template_field){ name, TEMPLATE_PHRASE, .text = str_of(key) });
}

void
page_flag(struct page *page, const char *name, bool on)
{
	page_add(page, (struct template_field){ name, TEMPLATE_FLAG, .on = on });
}

void
page_list(struct page *page, const char *name, const struct template_scope *items,
	  size_t n)
{
	page_add(page, (struct template_field){ name, TEMPLATE_LIST, .items = items,
						.n_items = n });
}

void
page_leads_to(struct page *page, struct str source)
{
	page->leads_to = source;
}

void
page_time(struct page *page, const char *name, int64_t seconds, struct moment *moment)
{
	page_add(page, moment_field(name, seconds, moment));
}

void
page_roles(struct page *page, const struct str *roles, size_t n,
	   struct template_field *fields, struct template_scope *scopes)
{
	for (size_t i = 0; i < n; i++) {
		fields[i] = (struct template_field){ "role", TEMPLATE_TEXT,
						     .text = roles[i] };
		scopes[i] = (struct template_scope){ &fields[i], 1 };
	}
	page_list(page, "roles", scopes, n);
}
