/*
 * POST /login with JSON. No cookie is read or set here, so no page of another site can
 * use a browser for it.
 */
#include "entry/login_tokens.h"
#include "login/login_handlers.h"

#include "config/config.h"
#include "login/login_try.h"
#include "serve/serve.h"
#include "token/token.h"
#include "json/json.h"

static void
answer_done(struct app *app, const struct request *req, struct response *res,
	    const struct login_try *t)
{
	const struct login_tokens tokens = {
		.token = buf_str(&t->token),
		.expires_in = t->expires_in,
		.refresh = str_of(t->opened.refresh),
		.device = str_of(t->opened.device),
	};

	login_answer_tokens(app, req, res, &tokens);
}

/* The client shows the ticket with its next proof to /login/mfa. */
static void
answer_wants(struct app *app, const struct request *req, struct response *res,
	     const struct login_try *t)
{
	static const struct {
		enum factors_way way;
		const char *name;
	} methods[] = { { FACTORS_TOTP, "totp" },
			{ FACTORS_RECOVERY, "recovery" },
			{ FACTORS_PASSKEY, "passkey" } };
	struct buf json;

	if (t->setup) {
		response_error(res, 401, "mfa_setup_required",
			       "this account needs a second factor; sign in with a "
			       "browser and set one up");
		return;
	}
	buf_init(&json, 16384);
	json_put_open(&json, '{');
	json_put_member(&json, "error", STR("mfa_required"));
	json_put_member(&json, "error_description",
			STR("the password is right; a second factor is needed"));
	json_put_member(&json, "mfa_token", str_of(t->ticket));
	json_put_name(&json, "methods");
	json_put_open(&json, '[');
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if ((t->ways & methods[i].way) != 0)
			json_put_str(&json, str_of(methods[i].name));
	json_put_close(&json, ']');
	json_put_close(&json, '}');
	if (json.failed)
		serve_unavailable(app, req, res, ERR_MEMORY);
	else
		response_json(res, 401, buf_str(&json));
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
	case LOGIN_WANTS:
		answer_wants(app, req, res, &t);
		break;
	case LOGIN_DONE:
		answer_done(app, req, res, &t);
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
