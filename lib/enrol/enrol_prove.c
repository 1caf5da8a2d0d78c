/*
 * A factor that is there, proven by somebody who came by a link. The link shows that the
 * mailbox is theirs. That is no way around a factor: a person without a password who has
 * lost the passkey shows a recovery code before they make another passkey.
 */
#include "access/urls.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "enrol/enrol_parts.h"
#include "factor/totp.h"
#include "login/login_mfa.h"
#include "mfa/mfa_code.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/factor/flows.h"

void
enrol_prove_show(struct app *app, const struct request *req, struct response *res,
		 const struct enrol *e, const struct enrol_prove *prove)
{
	struct counted_phrase wait = phrases_wait(prove->wait);
	struct request_origin asker;
	struct page page;
	struct buf token;

	buf_init(&token, 256);
	if (enrol_form(app, req, res, e, &token, &asker)) {
		app_page(app, req, "factor_prove", &page);
		page_leads_to(&page, str_of(asker.leads_to));
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "return_to", e->return_to);
		page_text(&page, "username", str_of(e->name));
		page_phrase(&page, "problem", prove->problem);
		page_phrase(&page, "wait", wait.phrase);
		page_text(&page, "count", str_of(wait.count));
		page_send(&page, prove->status, res);
	}
	buf_done(&token);
}

/* The code is right as far as can be seen: the database uses it up. */
static enum err
use_up(struct app *app, const struct enrol *e, const struct mfa_policy *policy,
       const struct mfa_proof *shown, const struct mfa_code *checked,
       struct mfa_result *r, struct why *why)
{
	enum factors_used used = FACTORS_OVER;
	enum err err = flows_prove(app_db(app), e->by.flow, &checked->proof,
				   e->by.who.address, &used, why);

	if (err != ERR_OK)
		return err;
	return mfa_code_result(policy, used, shown, e->by.who.address, r, why);
}

/* The try is counted before the code is looked at. */
static enum err
judge(struct app *app, const struct enrol *e, struct str code, struct mfa_result *r,
      struct why *why)
{
	char digits[TOTP_DIGITS + 1];
	bool totp = totp_read(code, digits);
	struct mfa_proof shown = { .way = totp ? FACTORS_TOTP : FACTORS_RECOVERY,
				   .code = code };
	struct flow_policy flow;
	struct mfa_policy policy;
	struct mfa_code checked;
	struct factors_try t;
	enum err err;

	secret_wipe(digits, sizeof(digits));
	login_mfa_policy(app, &flow, &policy);
	err = flows_try(app_db(app), e->by.flow, shown.way, e->by.who.address, &t, why);
	if (err != ERR_OK)
		return err;
	err = mfa_code_judge(&policy, &t, &shown, e->by.who.address, app->now, &checked,
			     r, why);
	if (err != ERR_OK || r->outcome == MFA_NO_KEYS)
		flows_unjudged(app_db(app), e->by.flow, NULL);
	else if (r->outcome == MFA_DONE)
		err = use_up(app, e, &policy, &shown, &checked, r, why);
	secret_wipe(&t, sizeof(t));
	return err;
}

/* The page again, with what was wrong. */
static struct enrol_prove
problem_of(const struct mfa_result *r)
{
	switch (r->outcome) {
	case MFA_THROTTLED:
		return (struct enrol_prove){ 429, "mfa.throttled", r->wait };
	case MFA_REPLAYED:
		return (struct enrol_prove){ 401, "mfa.replayed" };
	case MFA_NO_KEYS:
		return (struct enrol_prove){ 503, "mfa.no_keys" };
	default:
		return (struct enrol_prove){ 401, "factor_prove.wrong" };
	}
}

void
enrol_prove(struct app *app, const struct request *req, struct response *res,
	    const struct enrol *e, struct str code)
{
	struct mfa_result r = { .outcome = MFA_OVER, .reason = "over" };
	struct enrol_prove again = { 400, "mfa.missing" };
	struct why why = { "" };
	enum err err;

	if (!e->needs_proof) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
		return;
	}
	if (code.n == 0) {
		enrol_prove_show(app, req, res, e, &again);
		return;
	}
	if ((err = judge(app, e, code, &r, &why)) != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
		return;
	}
	LOG(r.outcome == MFA_DONE ? LOG_INFO : LOG_WARN,
	    r.outcome == MFA_DONE ? "factor_proven" : "factor_failed",
	    { "reason", str_of(r.reason) }, { "sub", str_of(e->user) },
	    { "address", e->by.who.address });
	again = problem_of(&r);
	if (r.outcome == MFA_THROTTLED)
		serve_retry_after(res, r.wait);
	if (r.outcome == MFA_DONE)
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
	else if (r.outcome == MFA_OVER)
		login_mfa_over(app, res, e->return_to);
	else
		enrol_prove_show(app, req, res, e, &again);
}
