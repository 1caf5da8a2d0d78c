#include "second/login_step.h"

#include "access/access.h"
#include "access/client.h"
#include "access/urls.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_token.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"

void
login_step_find(struct app *app, const struct request *req, const struct form *form,
		struct login_step *step)
{
	struct cookie access = access_cookie(app->config);
	enum jwt_refusal refusal;

	claims_init(&step->claims);
	form_find(form, "need", &step->need);
	if (!str_is(step->need, "factor") && !str_is(step->need, "phr"))
		step->need = STR("");
	else if (token_check(app_signer(app), cookie_get(req, &access), app->now,
			     &step->claims, &refusal) != VERDICT_ALLOW ||
		 identity_kind_of(&step->claims) != IDENTITY_LOGIN)
		step->claims.sub = step->claims.sid = STR("");
}

void
login_step_done(struct login_step *step)
{
	claims_done(&step->claims);
}

unsigned
login_step_ways(const struct login_step *step, unsigned ways)
{
	return str_is(step->need, "phr") ? ways & FACTORS_PASSKEY : ways;
}

static struct mfa_session
session_of(struct app *app, const struct request *req, const struct login_step *step)
{
	struct cookie device = known_device_cookie(app->config);

	return (struct mfa_session){ .user = step->claims.sub,
				     .sid = step->claims.sid,
				     .address = client_address(app, req),
				     .device = cookie_get(req, &device),
				     .now = app->now };
}

enum err
login_step_look(struct app *app, const struct request *req, const struct login_step *step,
		struct mfa_login *login, struct why *why)
{
	const struct mfa_session who = session_of(app, req, step);
	struct flow_policy flow;
	struct mfa_policy policy;

	login_mfa_policy(app, &flow, &policy);
	return mfa_step_find(&policy, &who, login, why);
}

void
login_step_over(struct response *res, const struct login_step *step, bool ended,
		struct str return_to)
{
	const char *url = URL_LOGIN "?need=fresh";

	if (!ended)
		url = str_is(step->need, "phr") ? URL_LOGIN "?need=phr"
						: URL_LOGIN "?need=factor";
	login_mfa_lead(res, url, return_to);
}

/* The verifiers must know the old sid before the new token is given out. */
static enum err
tell(const struct session_hearers *hearers, struct str old_sid, struct why *why)
{
	struct buf sids;
	enum err e;

	buf_init(&sids, UUID_SIZE);
	buf_add(&sids, old_sid);
	e = session_end(hearers, SESSION_END_CHANGED, &sids, why);
	buf_done(&sids);
	return e;
}

/* The session keeps its refresh token; only the access token is another one. */
static enum err
give_token(struct app *app, struct response *res, struct login_mfa_try *t,
	   struct why *why)
{
	const struct session *session = &t->result.opened.session;
	struct cookie access = access_cookie(app->config);
	enum err e = clock_now(&app->now);

	if (e == ERR_OK)
		e = login_token(app, session, app->config->browser_token_life, &t->token,
				&t->expires_in, why);
	if (e == ERR_OK)
		cookie_put(res, &access, buf_str(&t->token),
			   session->remember ? t->expires_in : -1);
	return e;
}

static enum err
step_up(struct app *app, const struct request *req, struct response *res,
	const struct login_step *step, const struct login_mfa *with,
	struct login_mfa_try *t, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	const struct mfa_session who = session_of(app, req, step);
	struct flow_policy flow;
	struct mfa_policy policy;
	enum err e = session_end_prepare(&hearers, why);

	login_mfa_policy(app, &flow, &policy);
	if (e == ERR_OK)
		e = mfa_step(&policy, &who, &with->proof, &t->result, why);
	if (e != ERR_OK || t->result.outcome != MFA_DONE)
		return e;
	LOG(LOG_INFO, "session_proven", { "user", str_of(t->result.opened.session.name) },
	    { "amr", str_of(t->result.opened.session.amr) }, { "address", who.address });
	e = tell(&hearers, who.sid, why);
	return e == ERR_OK ? give_token(app, res, t, why) : e;
}

void
login_step_run(struct app *app, const struct request *req, struct response *res,
	       const struct login_step *step, const struct login_mfa *with,
	       struct login_mfa_try *t)
{
	struct why why = { "" };
	enum err e;

	*t = (struct login_mfa_try){ .decided = false };
	buf_init(&t->token, JWT_MAX);
	e = step_up(app, req, res, step, with, t, &why);
	if (e == ERR_OK) {
		if (t->result.outcome != MFA_DONE)
			login_mfa_refuse(app, req, res, &t->result);
		t->decided = true;
		return;
	}
	login_mfa_unavailable(app, req, res, e, &why);
}
