/*
 * POST /login from the form. Only a page of public_url may send it, not one of
 * cors_origins; where nothing says what page did, the form token decides.
 */
#include "login/login_form.h"
#include "login/login_handlers.h"

#include "access/access.h"
#include "access/csrf.h"
#include "access/origin.h"
#include "base/log.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "http/form.h"
#include "login/login_cookies.h"
#include "login/login_try.h"
#include "page/login_common.h"
#include "page/page.h"
#include "page/page_power.h"
#include "people/password.h"
#include "serve/power_session.h"
#include "serve/serve.h"

struct fields {
	struct str username, password, return_to, token, remember;
};

/* False when a field occurs twice: who knows which one was meant. */
static bool
find_fields(const struct form *form, struct fields *f)
{
	return form_find(form, "username", &f->username) != FORM_TWICE &&
	       form_find(form, "password", &f->password) != FORM_TWICE &&
	       form_find(form, "return_to", &f->return_to) != FORM_TWICE &&
	       form_find(form, "form_token", &f->token) != FORM_TWICE &&
	       form_find(form, "remember", &f->remember) != FORM_TWICE;
}

static void
again(struct app *app, const struct request *req, struct response *res,
      const struct fields *f, int status, const char *problem, int64_t wait)
{
	struct login_form form = { .status = status,
				   .problem = problem,
				   .username = f->username,
				   .return_to = login_return_to(app, f->return_to),
				   .remember = f->remember.n > 0,
				   .wait = wait };

	if (status == 400) {
		form.username_wrong =
			f->username.n == 0 || f->username.n > LOGIN_NAME_MAX;
		form.password_wrong = f->password.n == 0 || f->password.n > PASSWORD_MAX;
	} else if (status == 401) {
		form.username_wrong = form.password_wrong = true;
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
	}
	if (form.username.n > LOGIN_NAME_MAX)
		form.username = STR("");
	login_form_send(app, req, res, &form);
}

static void
answer_no_cookies(struct app *app, struct response *res, const struct fields *f)
{
	struct page page;

	page_init(&page, app_pages(app), "cookies");
	page_text(&page, "return_to", login_return_to(app, f->return_to));
	page_send(&page, 403, res);
}

/* The token of the form that this browser was given. True: go on. */
static bool
check_token(struct app *app, const struct request *req, struct response *res,
	    const struct fields *f)
{
	struct cookie c = login_cookie_form(app->config);
	struct str bound = login_cookie_get(req, &c);

	if (csrf_check(app_secret(app), LOGIN_FORM_PURPOSE, bound, app->now, f->token) ==
	    VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused",
	    { "reason", bound.n == 0 ? STR("cookie") : STR("token") },
	    { "address", login_address(app, req) });
	if (bound.n == 0)
		answer_no_cookies(app, res, f);
	else
		again(app, req, res, f, 403, "login.stale", 0);
	return false;
}

static void
answer_allowed(struct app *app, const struct request *req, struct response *res,
	       const struct fields *f, const struct login *l)
{
	struct why why = { "" };
	enum err e = login_cookies_grant(app, res, &l->session, str_of(l->refresh),
					 str_of(l->device), &why);

	if (e == ERR_OK) {
		response_see_other(res, login_return_to(app, f->return_to));
		return;
	}
	LOG(LOG_ERROR, "token_failed", { "error", str_of(err_text(e)) },
	    { "why", str_of(why.text) });
	login_unavailable(app, req, res, e);
}

static void
attempt(struct app *app, const struct request *req, struct response *res,
	const struct fields *f)
{
	const struct login_ask ask = { .name = f->username,
				       .password = f->password,
				       .remember = f->remember.n > 0,
				       .browser = true };
	struct login l;
	enum err e = login_try_run(app, req, &ask, &l);

	if (e != ERR_OK) {
		login_unavailable(app, req, res, e);
	} else if (l.outcome == LOGIN_ALLOWED) {
		answer_allowed(app, req, res, f, &l);
	} else if (l.outcome == LOGIN_THROTTLED) {
		login_retry_after(res, l.wait);
		again(app, req, res, f, 429, "login.throttled", l.wait);
	} else {
		again(app, req, res, f, 401, "login.wrong", 0);
	}
	login_done(&l);
}

static void
handle(struct app *app, const struct request *req, struct response *res,
       const struct fields *f)
{
	if (!check_token(app, req, res, f))
		return;
	if (f->username.n == 0 || f->password.n == 0)
		again(app, req, res, f, 400, "login.missing", 0);
	else if (f->username.n > LOGIN_NAME_MAX || f->password.n > PASSWORD_MAX)
		again(app, req, res, f, 400, "login.too_long", 0);
	else
		attempt(app, req, res, f);
}

void
login_post_form(struct app *app, const struct request *req, struct response *res)
{
	enum origin said = origin_judge(req, str_of(app->config->public_url), NULL, 0);
	struct fields fields;
	struct form form;

	if (said != ORIGIN_OWN && !access_form_decides(app->config, said)) {
		access_refuse_origin(app, req, res, said, STR(""));
		return;
	}
	if (form_parse(&form, buf_str(&req->body)) == ERR_OK &&
	    find_fields(&form, &fields))
		handle(app, req, res, &fields);
	else
		serve_error(app, req, res, 400, "invalid_request",
			    "the form is malformed");
	form_done(&form);
}
