#include "oauth/authorize/authorize_parts.h"
#include "page/page_power.h"

void
authorize_page_mistake(struct authorize *a, enum mistake mistake)
{
	struct page page;

	app_page(a->app, a->req, "oauth_mistake", &page);
	page_phrase(&page, "mistake", mistake_phrase(mistake));
	page_text(&page, "client", a->asked.value[ASKED_CLIENT_ID]);
	page_text(&page, "redirect_uri", authorize_redirect_uri(a));
	page_send(&page, 400, a->res);
}
