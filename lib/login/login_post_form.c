/*
 * POST /login from the form. Only a page of public_url may send it
 * (access/visitors.h).
 */
#include "entry/login_form.h"
#include "login/login_handlers.h"

#include "access/urls.h"
#include "config/config.h"
#include "entry/cookies_page.h"
#include "entry/login_cookies.h"
#include "entry/login_opened.h"
#include "http/form.h"
#include "login/login_mfa.h"
#include "login/login_try.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/visitor_form.h"
#include "people/password.h"
#include "serve/serve.h"

struct fields {
	struct str username, password, return_to, token, remember;
};

static void
find_fields(const struct form *form, struct fields *f)
{
	form_find(form, "username", &f->username);
	form_find(form, "password", &f->password);
	form_find(form, "return_to", &f->return_to);
	form_find(form, "form_token", &f->token);
	form_find(form, "remember", &f->remember);
}

static void
again(struct app *app, const struct request *req, struct response *res,
      const struct fields *f, int status, const char *problem, int64_t wait)
{
	struct login_form form = { .status = status,
				   .problem = problem,
				   .username = f->username,
				   .typed = true,
				   .return_to = login_return_to(app, f->return_to),
				   .remember = f->remember.n > 0,
				   .wait = wait };

	if (status == 400) {
		form.username_wrong = f->username.n == 0 || f->username.n > FLOW_NAME_MAX;
		form.password_wrong = f->password.n == 0 || f->password.n > PASSWORD_MAX;
	} else if (status == 401) {
		form.username_wrong = form.password_wrong = true;
	}
	if (form.username.n > FLOW_NAME_MAX)
		form.username = STR("");
	login_form_send(app, req, res, &form);
}

/* The token of the form that this browser was given. */
bool
login_form_token(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	struct fields f;

	find_fields(visit->form, &f);
	switch (visitor_form_check(app, req, LOGIN_FORM_PURPOSE, f.token)) {
	case VISITOR_FORM_GOOD:
		return true;
	case VISITOR_FORM_NO_COOKIES:
		cookies_page_send(app, req, res, login_return_to(app, f.return_to));
		return false;
	default:
		again(app, req, res, &f, 403, "login.stale", 0);
		return false;
	}
}

/* Set the browser's cookies, and redirect to where it wanted to go. */
static void
answer_done(struct app *app, const struct request *req, struct response *res,
	    const struct fields *f, const struct login_try *t)
{
	login_opened_cookies(app, req, res, &t->opened, buf_str(&t->token),
			     t->expires_in);
	response_see_other(res, login_return_to(app, f->return_to));
}

/* The browser keeps the ticket, and is led to where it shows one more proof. */
static void
answer_wants(struct app *app, struct response *res, const struct fields *f,
	     const struct login_try *t)
{
	struct cookie flow = login_cookie_flow(app->config);

	cookie_put(res, &flow, str_of(t->ticket), ticket_row(TICKET_FLOW)->life);
	login_mfa_lead(res, t->setup ? URL_LOGIN_FACTOR : URL_LOGIN_MFA,
		       login_return_to(app, f->return_to));
}

static void
attempt(struct app *app, const struct request *req, struct response *res,
	const struct fields *f)
{
	const struct login_ask ask = { .name = f->username,
				       .password = f->password,
				       .remember = f->remember.n > 0,
				       .browser = true };
	struct login_try t;

	login_try_run(app, req, res, &ask, &t);
	switch (t.said) {
	case LOGIN_UNAVAILABLE:
		break;
	case LOGIN_MISSING:
		again(app, req, res, f, 400, "login.missing", 0);
		break;
	case LOGIN_TOO_LONG:
		again(app, req, res, f, 400, "login.too_long", 0);
		break;
	case LOGIN_WRONG:
		again(app, req, res, f, 401, "login.wrong", 0);
		break;
	case LOGIN_THROTTLED:
		again(app, req, res, f, 429, "login.throttled", t.wait);
		break;
	case LOGIN_WANTS:
		answer_wants(app, res, f, &t);
		break;
	case LOGIN_DONE:
		answer_done(app, req, res, f, &t);
	}
	login_try_done(&t);
}

void
login_post_form(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit)
{
	struct fields f;

	find_fields(visit->form, &f);
	attempt(app, req, res, &f);
}
