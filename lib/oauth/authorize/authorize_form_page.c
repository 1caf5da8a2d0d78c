#include "oauth/authorize/authorize_form_page.h"

#include "access/asking.h"
#include "access/csrf.h"
#include "client/client_redirect.h"
#include "page/page_power.h"
#include "serve/power_session.h"

#define BINDING_MAX 512

/*
 * The form token is for this session, this request and these scopes, so that nobody allows
 * more than they were shown.
 */
static bool
bind_token(const struct authorize *a, struct buf *binding)
{
	buf_add(binding, a->sid);
	buf_addc(binding, ' ');
	buf_addz(binding, a->id);
	buf_addc(binding, ' ');
	client_scope_add(binding, a->wish.scopes);
	return !binding->failed;
}

bool
authorize_token_is_good(const struct authorize *a, struct str token)
{
	struct buf binding;
	bool good;

	buf_init(&binding, BINDING_MAX);
	good = a->look.here && bind_token(a, &binding) &&
	       csrf_check(app_secret(a->app), AUTHORIZE_PURPOSE, buf_str(&binding),
			  a->app->now, token) == VERDICT_ALLOW;
	buf_done(&binding);
	return good;
}

static enum err
issue_token(const struct authorize *a, struct buf *token)
{
	struct buf binding;
	enum err e = ERR_MEMORY;

	buf_init(&binding, BINDING_MAX);
	if (bind_token(a, &binding))
		e = csrf_issue(app_secret(a->app), AUTHORIZE_PURPOSE, buf_str(&binding),
			       a->app->now, token);
	buf_done(&binding);
	return e;
}

void
authorize_form_done(struct authorize_form *f)
{
	buf_done(&f->token);
	buf_done(&f->leads_to);
	buf_done(&f->return_to);
}

bool
authorize_form_page(struct authorize_form *f, struct authorize *a, const char *name)
{
	struct page *page = &f->page;
	struct why why = { "" };
	enum err e;

	buf_init(&f->token, 256);
	buf_init(&f->leads_to, CLIENT_REDIRECT_SOURCE);
	buf_init(&f->return_to, 128);
	e = issue_token(a, &f->token);
	if (e == ERR_OK &&
	    (!client_redirect_origin(authorize_redirect_uri(a), &f->leads_to) ||
	     !asking_address(&f->return_to, str_of(a->id))))
		e = ERR_MEMORY;
	if (e != ERR_OK) {
		authorize_unavailable(a, e, &why);
		return false;
	}
	app_page(a->app, a->req, name, page);
	page_leads_to(page, buf_str(&f->leads_to));
	page_text(page, "form_token", buf_str(&f->token));
	page_text(page, "id", str_of(a->id));
	page_text(page, "return_to", buf_str(&f->return_to));
	page_text(page, "client", a->look.client.name);
	page_text(page, "username", a->look.user_name);
	return true;
}
