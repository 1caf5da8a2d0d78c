/*
 * POST /login with JSON, and what answers in JSON have in common. No cookie is
 * read nor set here, so that no other site's page can make use of a browser.
 */
#include "login/login_handlers.h"

#include "base/log.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "http/media.h"
#include "login/login_try.h"
#include "page/login_common.h"
#include "people/password.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"
#include "json/json.h"

void
login_answer_tokens(struct app *app, const struct request *req, struct response *res,
		    struct str token, int64_t expires_in, struct str refresh,
		    struct str device)
{
	struct buf json;

	buf_init(&json, 3 * JWT_MAX);
	json_put_open(&json, '{');
	json_put_member(&json, "token", token);
	json_put_member(&json, "access_token", token); /* its name in OAuth 2.0 */
	json_put_member(&json, "token_type", STR("Bearer"));
	json_put_member_int(&json, "expires_in", expires_in);
	if (refresh.n > 0)
		json_put_member(&json, "refresh_token", refresh);
	if (device.n > 0)
		json_put_member(&json, "device", device);
	json_put_close(&json, '}');
	if (json.failed)
		login_unavailable(app, req, res, ERR_MEMORY);
	else
		response_json(res, 200, buf_str(&json));
	buf_done(&json);
}

static void
answer_allowed(struct app *app, const struct request *req, struct response *res,
	       const struct login *l)
{
	struct why why = { "" };
	int64_t expires_in = 0;
	struct buf token;
	enum err e;

	buf_init(&token, JWT_MAX);
	e = token_issue(app_signer(app), &l->session, app->now, app->config->token_life,
			&token, &expires_in, &why);
	if (e == ERR_OK) {
		login_answer_tokens(app, req, res, buf_str(&token), expires_in,
				    str_of(l->refresh), str_of(l->device));
	} else {
		LOG(LOG_ERROR, "token_failed", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		login_unavailable(app, req, res, e);
	}
	buf_done(&token);
}

static void
attempt(struct app *app, const struct request *req, struct response *res,
	const struct login_ask *ask)
{
	struct login l;
	enum err e = login_try_run(app, req, ask, &l);

	if (e != ERR_OK) {
		login_unavailable(app, req, res, e);
	} else if (l.outcome == LOGIN_ALLOWED) {
		answer_allowed(app, req, res, &l);
	} else if (l.outcome == LOGIN_THROTTLED) {
		login_retry_after(res, l.wait);
		response_error(res, 429, "too_many_requests",
			       "too many tries; wait and try again");
	} else {
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
		response_error(res, 401, "invalid_credentials",
			       "the name and the password do not belong together");
	}
	login_done(&l);
}

/* NULL when the request can be tried; otherwise what is wrong with it. */
static const char *
read_ask(const struct json_t *root, struct login_ask *ask)
{
	if (!json_holds_object(root))
		return "the body must be a JSON object";
	if (json_get_str(root, "username", &ask->name) != JSON_FOUND)
		return "username is missing, or is not a string";
	if (json_get_str(root, "password", &ask->password) != JSON_FOUND)
		return "password is missing, or is not a string";
	if (json_get_bool(root, "remember", &ask->remember) == JSON_WRONG)
		return "remember is neither true nor false";
	if (json_get_str(root, "device", &ask->device) == JSON_WRONG)
		return "device is not a string";
	if (ask->name.n == 0 || ask->password.n == 0)
		return "username or password is empty";
	if (ask->name.n > LOGIN_NAME_MAX)
		return "username is too long";
	if (ask->password.n > PASSWORD_MAX)
		return "password is too long";
	return NULL;
}

void
login_post_json(struct app *app, const struct request *req, struct response *res)
{
	struct login_ask ask = { .browser = false };
	const char *wrong = "the body is not valid JSON";
	struct json_t *root = NULL;

	if (req->body.n > REQUEST_JSON_MAX) {
		response_error(res, 413, "too_large", "the body is over 16 kB");
		return;
	}
	if (json_parse(buf_str(&req->body), &json_usual, &root, NULL) == ERR_OK)
		wrong = read_ask(root, &ask);
	if (wrong == NULL)
		attempt(app, req, res, &ask);
	else
		response_error(res, 400, "invalid_request", wrong);
	json_free(root);
}

void
login_post(struct app *app, const struct request *req, struct response *res)
{
	if (media_is(req->content_type, "application/x-www-form-urlencoded"))
		login_post_form(app, req, res);
	else if (media_is(req->content_type, "application/json"))
		login_post_json(app, req, res);
	else
		serve_error(app, req, res, 415, "unsupported_media_type",
			    "send application/json or application/x-www-form-urlencoded");
}
