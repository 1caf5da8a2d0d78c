/*
 * GET and POST /login/mfa by a browser. It is about the flow whose ticket is in a cookie,
 * or with `need` about the session (login_step.h). The form's token is bound to the ticket
 * or the sid: a form of an earlier login tries nothing in a later one.
 */
#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "entry/login_cookies.h"
#include "entry/login_form.h"
#include "entry/login_opened.h"
#include "http/form.h"
#include "login/login_mfa.h"
#include "page/known_device.h"
#include "second/login_key.h"
#include "second/login_step.h"
#include "second/mfa_page.h"
#include "second/recovery_page.h"
#include "second/second_handlers.h"
#include "serve/power_session.h"
#include "serve/serve.h"

struct fields {
	struct str code, recovery_code, passkey, return_to, token;
	bool remember_device;
	struct login_step step;
};

/* Call fields_done after any use. */
static void
find_fields(struct app *app, const struct request *req, const struct form *form,
	    struct fields *f)
{
	struct str remember;

	form_find(form, "code", &f->code);
	form_find(form, "recovery_code", &f->recovery_code);
	form_find(form, "passkey", &f->passkey);
	form_find(form, "return_to", &f->return_to);
	form_find(form, "form_token", &f->token);
	form_find(form, "remember_device", &remember);
	f->return_to = login_return_to(app, f->return_to);
	f->remember_device = remember.n > 0;
	login_step_find(app, req, form, &f->step);
}

static void
fields_done(struct fields *f)
{
	login_step_done(&f->step);
}

static bool
is_step(const struct fields *f)
{
	return f->step.need.n > 0;
}

static struct str
ticket_of(const struct app *app, const struct request *req)
{
	struct cookie c = login_cookie_flow(app->config);

	return cookie_get(req, &c);
}

/* What the form's token is bound to. */
static struct str
binding_of(const struct app *app, const struct request *req, const struct fields *f)
{
	return is_step(f) ? f->step.claims.sid : ticket_of(app, req);
}

static enum err
look(struct app *app, const struct request *req, const struct fields *f,
     struct mfa_login *login, struct why *why)
{
	struct flow_policy flow;
	struct mfa_policy policy;

	if (is_step(f))
		return login_step_look(app, req, &f->step, login, why);
	login_mfa_policy(app, &flow, &policy);
	return mfa_find(&policy, ticket_of(app, req), login, why);
}

/* The flow or the session is over. */
static void
lead_back(struct app *app, struct response *res, const struct fields *f)
{
	if (is_step(f))
		login_step_over(res, &f->step, f->step.claims.sid.n > 0, f->return_to);
	else
		login_mfa_over(app, res, f->return_to);
}

/* Send the page, after it was found out whose flow it is, and whether it goes on. */
static void
show(struct app *app, const struct request *req, struct response *res,
     const struct fields *f, struct mfa_page *page)
{
	struct mfa_login login;
	struct why why = { "" };
	enum err e = look(app, req, f, &login, &why);

	page->binding = binding_of(app, req, f);
	page->return_to = f->return_to;
	page->remember_device = f->remember_device;
	page->step = is_step(f);
	page->need = f->step.need;
	page->user = str_of(login.user);
	page->username = str_of(login.name);
	page->ways = login_step_ways(&f->step, login.ways);
	if (e != ERR_OK) {
		login_mfa_unavailable(app, req, res, e, &why);
	} else if (!login.found) {
		lead_back(app, res, f);
	} else if (login.setup || (is_step(f) && page->ways == 0)) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, f->return_to);
	} else {
		mfa_page_send(app, req, res, page);
	}
}

void
login_mfa_get(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	struct mfa_page page = { .status = 200 };
	struct fields f;

	find_fields(app, req, visit->form, &f);
	show(app, req, res, &f, &page);
	fields_done(&f);
}

bool
login_mfa_token(struct app *app, const struct request *req, struct response *res,
		struct visit *visit)
{
	struct mfa_page page = { .status = 403, .problem = "mfa.stale" };
	struct fields f;
	bool good;

	find_fields(app, req, visit->form, &f);
	good = csrf_check(app_secret(app), MFA_FORM_PURPOSE, binding_of(app, req, &f),
			  app->now, f.token) == VERDICT_ALLOW;
	if (!good) {
		LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
		    { "address", client_address(app, req) });
		show(app, req, res, &f, &page);
	}
	fields_done(&f);
	return good;
}

static void
answer_done(struct app *app, const struct request *req, struct response *res,
	    const struct fields *f, const struct login_mfa_try *t)
{
	if (!is_step(f))
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
	bool recovery = with->proof.way == FACTORS_RECOVERY;
	struct mfa_page page = { .status = 401,
				 .problem = totp       ? "mfa.wrong"
					    : recovery ? "mfa.wrong_recovery"
						       : "mfa.wrong_passkey",
				 .code_wrong = totp,
				 .recovery_wrong = recovery,
				 .wait = t->result.wait };

	switch (t->result.outcome) {
	case MFA_DONE:
		answer_done(app, req, res, f, t);
		return;
	case MFA_OVER:
		lead_back(app, res, f);
		return;
	case MFA_WRONG:
		break;
	case MFA_REPLAYED:
		page.problem = totp || recovery ? "mfa.replayed" : "mfa.wrong_passkey";
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

/* Exactly one proof must be there. */
static bool
read_proof(const struct fields *f, struct mfa_proof *proof, struct mfa_page *page)
{
	bool code = f->code.n > 0, recovery = f->recovery_code.n > 0;
	int n = (code ? 1 : 0) + (recovery ? 1 : 0) + (f->passkey.n > 0 ? 1 : 0);

	proof->way = code ? FACTORS_TOTP : recovery ? FACTORS_RECOVERY : FACTORS_PASSKEY;
	proof->code = code ? f->code : f->recovery_code;
	page->problem = n > 0 ? "mfa.two_codes" : "mfa.missing";
	page->code_wrong = true;
	page->recovery_wrong = n > 0;
	return n == 1;
}

/* The passkey must be one of the user whom the flow or the session is about. */
static enum err
judge_passkey(struct app *app, const struct request *req, const struct fields *f,
	      struct login_key *key, struct mfa_proof *proof, struct mfa_result *refused,
	      struct why *why)
{
	struct mfa_login login;
	enum err e = look(app, req, f, &login, why);

	*refused = (struct mfa_result){ .outcome = MFA_OVER,
					.reason = "over",
					.recovery_left = -1 };
	if (e != ERR_OK || !login.found || login.setup)
		return e;
	return login_key_judge(app, req, str_of(login.user), f->passkey, key, proof,
			       refused, why);
}

static void
run(struct app *app, const struct request *req, struct response *res,
    const struct fields *f, struct login_mfa *with, struct login_mfa_try *t)
{
	struct mfa_result refused = { .outcome = MFA_DONE };
	struct why why = { "" };
	struct login_key key;
	enum err e = ERR_OK;

	if (with->proof.way == FACTORS_PASSKEY)
		e = judge_passkey(app, req, f, &key, &with->proof, &refused, &why);
	if (e != ERR_OK) {
		login_mfa_unavailable(app, req, res, e, &why);
	} else if (refused.outcome != MFA_DONE) {
		login_mfa_refuse(app, req, res, &refused);
		t->result = refused;
		t->decided = true;
	} else if (is_step(f)) {
		login_step_run(app, req, res, &f->step, with, t);
	} else {
		login_mfa_run(app, req, res, with, t);
	}
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
	struct login_mfa_try t = { .decided = false };
	struct fields f;

	find_fields(app, req, visit->form, &f);
	with.remember_device = f.remember_device;
	if (!read_proof(&f, &with.proof, &page)) {
		show(app, req, res, &f, &page);
	} else {
		run(app, req, res, &f, &with, &t);
		if (t.decided)
			answer(app, req, res, &f, &with, &t);
		login_mfa_try_done(&t);
	}
	fields_done(&f);
}
