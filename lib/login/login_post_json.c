/*
 * POST /login with JSON, and shared code of the answers in JSON. No cookie is read or
 * set here, so no page of another site can use a browser for it.
 */
#include "login/login_handlers.h"

#include "config/config.h"
#include "login/login_try.h"
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
		serve_unavailable(app, req, res, ERR_MEMORY);
	else
		response_json(res, 200, buf_str(&json));
	buf_done(&json);
}

static void
attempt(struct app *app, const struct request *req, struct response *res,
	const struct login_ask *ask)
{
	struct login_try t;

	login_try_run(app, req, res, ask, &t);
	switch (t.said) {
	case LOGIN_UNAVAILABLE:
		break;
	case LOGIN_MISSING:
		response_error(res, 400, "invalid_request",
			       "username or password is empty");
		break;
	case LOGIN_TOO_LONG:
		response_error(res, 400, "invalid_request",
			       ask->name.n > FLOW_NAME_MAX ? "username is too long"
							   : "password is too long");
		break;
	case LOGIN_WRONG:
		response_error(res, 401, "invalid_credentials",
			       "the name and the password do not belong together");
		break;
	case LOGIN_THROTTLED:
		response_error(res, 429, "too_many_requests",
			       "too many tries; wait and try again");
		break;
	case LOGIN_DONE:
		login_answer_tokens(app, req, res, buf_str(&t.token), t.expires_in,
				    str_of(t.opened.refresh), str_of(t.opened.device));
	}
	login_try_done(&t);
}

/* NULL if it has the right form. Otherwise what is wrong with it. */
static const char *
read_ask(const struct json_t *root, struct login_ask *ask)
{
	if (json_get_str(root, "username", &ask->name) != JSON_FOUND)
		return "username is missing, or is not a string";
	if (json_get_str(root, "password", &ask->password) != JSON_FOUND)
		return "password is missing, or is not a string";
	if (json_get_bool(root, "remember", &ask->remember) == JSON_WRONG)
		return "remember is neither true nor false";
	if (json_get_str(root, "device", &ask->device) == JSON_WRONG)
		return "device is not a string";
	return NULL;
}

void
login_post_json(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit)
{
	struct login_ask ask = { .browser = false };
	const char *wrong = read_ask(visit->json, &ask);

	if (wrong == NULL)
		attempt(app, req, res, &ask);
	else
		response_error(res, 400, "invalid_request", wrong);
}
