/*
 * POST /login/refresh: with JSON {"refresh_token"}, or with a browser's session
 * cookie. In the second case the successor is put into the cookie only: scripts of the
 * page never see a refresh token.
 */
#include "entry/login_tokens.h"
#include "login/login_handlers.h"

#include "access/access.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_cookies.h"
#include "http/authenticate.h"
#include "login/renewal.h"
#include "serve/serve.h"
#include "json/json.h"

static void
refuse(struct app *app, struct response *res, bool by_cookie)
{
	if (by_cookie)
		login_cookies_revoke(app, res);
	authenticate_bearer(res, app->config->site_name, "invalid_token",
			    "the session is over");
	response_error(res, 401, "invalid_token", "the session is over; log in again");
}

static void
answer_tokens(struct app *app, const struct request *req, struct response *res,
	      const struct renewal *r, bool by_cookie)
{
	struct str token = buf_str(&r->token), next = str_of(r->refresh.next);
	const struct login_tokens tokens = { .token = token,
					     .expires_in = r->expires_in,
					     .refresh = by_cookie ? STR("") : next };

	if (by_cookie)
		login_cookies_put(app, res, &r->refresh.session, token, r->expires_in,
				  next);
	login_answer_tokens(app, req, res, &tokens);
}

static void
renew(struct app *app, const struct request *req, struct response *res, struct str old,
      bool by_cookie)
{
	int64_t life =
		by_cookie ? app->config->browser_token_life : app->config->token_life;
	struct why why = { "" };
	struct renewal r;
	enum err e = renewal_run(app, req, old, life, &r, &why);

	if (e != ERR_OK) {
		LOG(LOG_ERROR, "renewal_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		serve_unavailable(app, req, res, e);
	} else if (r.done) {
		answer_tokens(app, req, res, &r, by_cookie);
	} else {
		refuse(app, res, by_cookie);
	}
	renewal_done(&r);
}

void
login_refresh_json(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit)
{
	struct str token;

	if (json_get_str(visit->json, "refresh_token", &token) == JSON_FOUND)
		renew(app, req, res, token, false);
	else
		response_error(res, 400, "invalid_request",
			       "refresh_token is missing, or is not a string");
}

void
login_refresh_cookie(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit)
{
	struct cookie c = login_cookie_session(app->config);
	struct str token = cookie_get(req, &c);
	enum origin said = access_origin(app->config, req);

	(void)visit;
	if (token.n == 0)
		refuse(app, res, false);
	else if (said != ORIGIN_OWN)
		access_refuse_origin(app, req, res, said, STR(""));
	else
		renew(app, req, res, token, true);
}
