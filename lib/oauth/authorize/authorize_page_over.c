#include "oauth/authorize/authorize_parts.h"
#include "page/page_power.h"

void
authorize_page_over(struct authorize *a, int status, const char *key)
{
	struct page page;

	app_page(a->app, a->req, "oauth_over", &page);
	page_phrase(&page, "why", key);
	page_text(&page, "leads_to", a->row.leads_to);
	page_send(&page, status, a->res);
}
