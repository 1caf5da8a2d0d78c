#include "login/renewal.h"

#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_token.h"
#include "page/hearers.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "token/token.h"

#define TRIES 3
#define REVOKED_MAX 4096 /* a hundred sids */

/* Look, make the access token, replace the refresh token. */
static enum err
try_once(struct app *app, const struct request *req, struct str token, int64_t life,
	 struct renewal *r, struct buf *revoked, struct why *why)
{
	int64_t grace = app->config->refresh_grace;
	enum err e = refresh_look(app_db(app), app_secret(app), token, grace, &r->refresh,
				  why);

	if (e != ERR_OK || r->refresh.outcome == REFRESH_UNKNOWN)
		return e;
	buf_clear(&r->token);
	if (r->refresh.outcome == REFRESH_OK &&
	    (e = login_token(app, &r->refresh.session, life, &r->token, &r->expires_in,
			     why)) != ERR_OK)
		return e;
	return refresh_rotate(app_db(app), grace, client_address(app, req),
			      request_env(req, "HTTP_USER_AGENT"), &r->refresh, revoked,
			      why);
}

static enum session_reason
reason_of(enum sessions_refreshed outcome)
{
	return outcome == REFRESH_REUSE  ? SESSION_END_REUSE
	       : outcome == REFRESH_LOST ? SESSION_END_LOST
					 : SESSION_END_BEFORE;
}

static void
log_refusal(enum sessions_refreshed outcome, struct str address)
{
	static const char *const reasons[] = { [REFRESH_UNKNOWN] = "unknown",
					       [REFRESH_ENDED] = "over",
					       [REFRESH_LOST] = "lost",
					       [REFRESH_REUSE] = "reuse" };

	LOG(outcome == REFRESH_REUSE ? LOG_WARN : LOG_INFO, "renewal_refused",
	    { "reason", str_of(reasons[outcome]) }, { "address", address });
}

/*
 * The session is over. An earlier request may have found that out, too, and may not
 * have been able to tell the verifiers.
 */
static enum err
refuse(struct app *app, enum sessions_refreshed outcome, struct str address,
       const struct buf *revoked, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));

	log_refusal(outcome, address);
	return session_end(&hearers, reason_of(outcome), revoked, why);
}

enum err
renewal_run(struct app *app, const struct request *req, struct str token, int64_t life,
	    struct renewal *r, struct why *why)
{
	struct str address = client_address(app, req);
	struct buf revoked;
	enum err e;

	*r = (struct renewal){ .done = false };
	buf_init(&r->token, JWT_MAX);
	buf_init(&revoked, REVOKED_MAX);
	for (int i = 0; i < TRIES; i++) {
		e = try_once(app, req, token, life, r, &revoked, why);
		if (e != ERR_OK || r->refresh.outcome != REFRESH_CHANGED)
			break;
	}
	if (e == ERR_OK && r->refresh.outcome == REFRESH_CHANGED)
		e = why_set(why, ERR_BUSY, "the session changes again and again");
	r->done = e == ERR_OK && r->refresh.outcome == REFRESH_OK;
	if (r->done)
		LOG(LOG_INFO, "renewed", { "user", str_of(r->refresh.session.name) },
		    { "address", address });
	else if (e == ERR_OK)
		e = refuse(app, r->refresh.outcome, address, &revoked, why);
	buf_done(&revoked);
	return e;
}

bool
renewal_is_over(const struct renewal *r)
{
	return r->refresh.outcome == REFRESH_ENDED ||
	       r->refresh.outcome == REFRESH_LOST || r->refresh.outcome == REFRESH_REUSE;
}

void
renewal_done(struct renewal *r)
{
	buf_done(&r->token);
	refresh_done(&r->refresh);
}
