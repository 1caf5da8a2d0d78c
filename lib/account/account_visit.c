#include "account/account.h"

#include "access/csrf.h"
#include "base/log.h"
#include "config/config.h"
#include "http/media.h"
#include "page/login_common.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/serve.h"
#include "template/escape.h"

void
account_unavailable(struct app *app, const struct request *req, struct response *res,
		    enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "account_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	login_unavailable(app, req, res, e);
}

/* The session behind the token, as the database knows it now. */
static enum err
find_account(struct app *app, struct account_visit *v, bool *found, struct why *why)
{
	const struct claims *c = v->who.claims;

	*found = false;
	if (v->who.issuer != NULL || c->sub.n != UUID_SIZE - 1 ||
	    c->sid.n != UUID_SIZE - 1)
		return ERR_OK;
	return accounts_find(app_db(app), c->sub, c->sid, &v->account, found, why);
}

static bool
check_form(struct app *app, const struct request *req, struct response *res,
	   struct account_visit *v)
{
	struct str token;

	if (!media_is(req->content_type, "application/x-www-form-urlencoded")) {
		serve_error(app, req, res, 415, "unsupported_media_type",
			    "send application/x-www-form-urlencoded");
		return false;
	}
	form_done(&v->form);
	if (form_parse(&v->form, buf_str(&req->body)) != ERR_OK) {
		serve_error(app, req, res, 400, "invalid_request",
			    "the form is malformed");
		return false;
	}
	form_find(&v->form, "form_token", &token);
	if (csrf_check(app_secret(app), ACCOUNT_FORM_PURPOSE, v->who.claims->sid,
		       app->now, token) == VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") }, { "user", v->who.name },
	    { "address", login_address(app, req) });
	serve_error(app, req, res, 403, "stale_form",
		    "the form's token is missing, too old or not of this session");
	return false;
}

bool
account_enter(struct app *app, const struct request *req, struct response *res,
	      struct account_visit *v)
{
	struct why why = { "" };
	bool found;
	enum err e;

	identity_init(&v->who);
	v->account = (struct account){ 0 };
	form_parse(&v->form, STR(""));
	if (!access_require_form(app, req, res, &v->who))
		return false;
	if ((e = find_account(app, v, &found, &why)) != ERR_OK) {
		account_unavailable(app, req, res, e, &why);
		return false;
	}
	if (!found) {
		access_refuse(app, req, res, ACCESS_INVALID, true);
		return false;
	}
	return request_is_read(req) || check_form(app, req, res, v);
}

void
account_leave(struct account_visit *v)
{
	form_done(&v->form);
	identity_done(&v->who);
}

bool
account_is_fresh(struct app *app, struct response *res, const struct account_visit *v,
		 const char *return_to)
{
	struct buf location;

	if (app->now - v->account.session.opened_at <= app->config->fresh_login)
		return true;
	buf_init(&location, 512);
	buf_addz(&location, "/login?fresh=1&return_to=");
	escape_url(&location, str_of(return_to));
	response_see_other(res, buf_str(&location));
	buf_done(&location);
	return false;
}

enum err
account_page(struct app *app, const struct account_visit *v, const char *name,
	     struct buf *token, struct page *page)
{
	enum err e = csrf_issue(app_secret(app), ACCOUNT_FORM_PURPOSE, v->who.claims->sid,
				app->now, token);

	page_init(page, app_pages(app), name);
	page_text(page, "form_token", buf_str(token));
	page_text(page, "username", str_of(v->account.session.name));
	return e;
}
