/*
 * POST /login/refresh: by JSON {"refresh_token"}, or by a browser's session
 * cookie. In the second case the successor goes into the cookie and nowhere
 * else: scripts of the page never see a refresh token.
 */
#include "app/login_handlers.h"

#include "app/access.h"
#include "app/config.h"
#include "app/login_common.h"
#include "app/login_cookies.h"
#include "app/revoke.h"
#include "app/serve.h"
#include "auth/refresh.h"
#include "auth/token.h"
#include "base/log.h"
#include "http/authenticate.h"
#include "http/media.h"
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

static enum err
answer_tokens(struct app *app, const struct request *req, struct response *res,
	      const struct refresh *r, bool by_cookie, struct why *why)
{
	int64_t life =
		by_cookie ? app->config->browser_token_life : app->config->token_life;
	int64_t expires_in = 0;
	struct buf token;
	enum err e;

	buf_init(&token, JWT_MAX);
	e = token_issue(app->signer, &r->session, app->now, life, &token, &expires_in,
			why);
	if (e == ERR_OK && by_cookie)
		e = login_cookies_grant(app, res, &r->session, str_of(r->next), STR(""),
					why);
	if (e == ERR_OK)
		login_answer_tokens(app, req, res, buf_str(&token), expires_in,
				    by_cookie ? STR("") : str_of(r->next), STR(""));
	buf_done(&token);
	return e;
}

static void
renew(struct app *app, const struct request *req, struct response *res, struct str old,
      bool by_cookie)
{
	int64_t life =
		by_cookie ? app->config->browser_token_life : app->config->token_life;
	struct str address = login_address(app, req);
	struct why why = { "" };
	struct refresh r;
	enum err e =
		refresh_renew(app->db, buf_str(&app->session_secret), old, life, address,
			      request_env(req, "HTTP_USER_AGENT"), &r, &why);

	if (e == ERR_OK && r.outcome == REFRESH_OK) {
		e = answer_tokens(app, req, res, &r, by_cookie, &why);
		LOG(LOG_INFO, "renewed", { "user", str_of(r.session.name) },
		    { "address", address });
	} else if (e == ERR_OK) {
		LOG(r.outcome == REFRESH_REUSE ? LOG_WARN : LOG_INFO, "renewal_refused",
		    { "reason", r.outcome == REFRESH_REUSE ? STR("reuse") : STR("over") },
		    { "address", address });
		if (r.outcome == REFRESH_REUSE)
			e = revoke_publish(app->config, app->db, &why);
		refuse(app, res, by_cookie);
	}
	if (e != ERR_OK) {
		LOG(LOG_ERROR, "renewal_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		login_unavailable(app, req, res, e);
	}
	refresh_done(&r);
}

static void
by_json(struct app *app, const struct request *req, struct response *res)
{
	struct json_t *root = NULL;
	struct str token;

	if (req->body.n > REQUEST_JSON_MAX)
		response_error(res, 413, "too_large", "the body is over 16 kB");
	else if (json_parse(buf_str(&req->body), &json_usual, &root, NULL) != ERR_OK)
		response_error(res, 400, "invalid_request", "the body is not valid JSON");
	else if (json_get_str(root, "refresh_token", &token) != JSON_FOUND)
		response_error(res, 400, "invalid_request",
			       "refresh_token is missing, or is not a string");
	else
		renew(app, req, res, token, false);
	json_free(root);
}

static void
by_cookie(struct app *app, const struct request *req, struct response *res)
{
	struct cookie c = login_cookie_session(app->config);
	struct str token = login_cookie_get(req, &c);
	enum origin said = access_origin(app->config, req);

	if (token.n == 0)
		refuse(app, res, false);
	else if (said != ORIGIN_OWN)
		access_refuse_origin(app, req, res, said, STR(""));
	else
		renew(app, req, res, token, true);
}

void
login_refresh(struct app *app, const struct request *req, struct response *res)
{
	if (req->body.n == 0)
		by_cookie(app, req, res);
	else if (media_is(req->content_type, "application/json"))
		by_json(app, req, res);
	else
		response_error(res, 415, "unsupported_media_type",
			       "send application/json");
}
