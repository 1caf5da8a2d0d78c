#include "oauth/authorize/authorize_form_page.h"
#include "page/scope_list.h"

void
authorize_page_ask(struct authorize *a, int status, const char *problem)
{
	struct scope_list scopes;
	struct authorize_form f;
	struct page *page = &f.page;

	if (authorize_form_page(&f, a, "oauth_consent")) {
		scope_list_fill(&scopes, a->wish.scopes);
		page_list(page, "scopes", scopes.items, scopes.n);
		page_text(page, "client_id", a->look.client.id);
		page_text(page, "leads_to", buf_str(&f.leads_to));
		page_flag(page, "remembered",
			  a->look.client.consent == CLIENT_CONSENT_REMEMBER);
		page_phrase(page, "problem", problem);
		page_send(page, status, a->res);
	}
	authorize_form_done(&f);
}
