/*
 * GET and POST /login/mfa by a browser. The ticket of the flow is in a cookie, and the
 * form's token is bound to it: a form of an earlier login tries nothing in a later one.
 */
#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "http/form.h"
#include "login/login_cookies.h"
#include "login/login_form.h"
#include "login/login_mfa.h"
#include "login/login_opened.h"
#include "login/mfa_page.h"
#include "login/recovery_page.h"
#include "page/known_device.h"
#include "serve/power_session.h"
#include "serve/serve.h"

struct fields {
	struct str code, recovery_code, return_to, token;
	bool remember_device;
};

static void
find_fields(const struct app *app, const struct form *form, struct fields *f)
{
	struct str remember;

	form_find(form, "code", &f->code);
	form_find(form, "recovery_code", &f->recovery_code);
	form_find(form, "return_to", &f->return_to);
	form_find(form, "form_token", &f->token);
	form_find(form, "remember_device", &remember);
	f->return_to = login_return_to(app, f->return_to);
	f->remember_device = remember.n > 0;
}

static struct str
ticket_of(const struct app *app, const struct request *req)
{
	struct cookie c = login_cookie_flow(app->config);

	return cookie_get(req, &c);
}

/* Send the page, after it was found out whose flow it is, and whether it goes on. */
static void
show(struct app *app, const struct request *req, struct response *res,
     const struct fields *f, struct mfa_page *page)
{
	struct flow_policy flow;
	struct mfa_policy policy;
	struct mfa_login login;
	struct why why = { "" };
	enum err e;

	login_mfa_policy(app, &flow, &policy);
	page->binding = ticket_of(app, req);
	page->return_to = f->return_to;
	page->remember_device = f->remember_device;
	e = mfa_find(&policy, page->binding, &login, &why);
	if (e != ERR_OK) {
		LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		serve_unavailable(app, req, res, e);
	} else if (!login.found) {
		login_mfa_over(app, res, f->return_to);
	} else if (login.setup) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, f->return_to);
	} else {
		page->username = str_of(login.name);
		page->ways = login.ways;
		mfa_page_send(app, req, res, page);
	}
}

void
login_mfa_get(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	struct mfa_page page = { .status = 200 };
	struct fields f;

	find_fields(app, visit->form, &f);
	show(app, req, res, &f, &page);
}

bool
login_mfa_token(struct app *app, const struct request *req, struct response *res,
		struct visit *visit)
{
	struct mfa_page page = { .status = 403, .problem = "mfa.stale" };
	struct str ticket = ticket_of(app, req);
	struct fields f;

	find_fields(app, visit->form, &f);
	if (csrf_check(app_secret(app), MFA_FORM_PURPOSE, ticket, app->now, f.token) ==
	    VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "address", client_address(app, req) });
	show(app, req, res, &f, &page);
	return false;
}

static void
answer_done(struct app *app, const struct request *req, struct response *res,
	    const struct fields *f, const struct login_mfa_try *t)
{
	login_opened_cookies(app, req, res, &t->result.opened, buf_str(&t->token),
			     t->expires_in);
	if (t->result.recovery_left >= 0)
		recovery_page_send(app, req, res, t->result.recovery_left, f->return_to);
	else
		response_see_other(res, f->return_to);
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct fields *f, const struct login_mfa *with,
       const struct login_mfa_try *t)
{
	bool totp = with->proof.way == FACTORS_TOTP;
	struct mfa_page page = { .status = 401,
				 .problem = totp ? "mfa.wrong" : "mfa.wrong_recovery",
				 .code_wrong = totp,
				 .recovery_wrong = !totp,
				 .wait = t->result.wait };

	switch (t->result.outcome) {
	case MFA_DONE:
		answer_done(app, req, res, f, t);
		return;
	case MFA_OVER:
		login_mfa_over(app, res, f->return_to);
		return;
	case MFA_WRONG:
		break;
	case MFA_REPLAYED:
		page.problem = "mfa.replayed";
		break;
	case MFA_THROTTLED:
		page.status = 429;
		page.problem = "mfa.throttled";
		break;
	case MFA_TOO_OFTEN:
		page.status = 429;
		page.problem = "login.throttled";
		break;
	case MFA_NO_KEYS:
		page.status = 503;
		page.problem = "mfa.no_keys";
	}
	show(app, req, res, f, &page);
}

void
login_mfa_form(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit)
{
	struct cookie device = known_device_cookie(app->config);
	struct mfa_page page = { .status = 400 };
	struct login_mfa with = { .ticket = ticket_of(app, req),
				  .device = cookie_get(req, &device),
				  .browser = true };
	struct login_mfa_try t;
	struct fields f;

	find_fields(app, visit->form, &f);
	if ((f.code.n > 0) == (f.recovery_code.n > 0)) {
		page.problem = f.code.n > 0 ? "mfa.two_codes" : "mfa.missing";
		page.code_wrong = true;
		page.recovery_wrong = f.code.n > 0;
		show(app, req, res, &f, &page);
		return;
	}
	with.remember_device = f.remember_device;
	with.proof.way = f.code.n > 0 ? FACTORS_TOTP : FACTORS_RECOVERY;
	with.proof.code = f.code.n > 0 ? f.code : f.recovery_code;
	login_mfa_run(app, req, res, &with, &t);
	if (t.decided)
		answer(app, req, res, &f, &with, &t);
	login_mfa_try_done(&t);
}
