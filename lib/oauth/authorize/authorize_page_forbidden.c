#include "oauth/authorize/authorize_form_page.h"

void
authorize_page_forbidden(struct authorize *a)
{
	struct authorize_form f;

	if (authorize_form_page(&f, a, "oauth_forbidden"))
		page_send(&f.page, 403, a->res);
	authorize_form_done(&f);
}
