/*
 * POST /login with JSON. No cookie proves anything here, so no page of another site can
 * use a browser for it.
 */
#include "entry/login_passkey.h"
#include "entry/login_tokens.h"
#include "login/login_handlers.h"

#include "config/config.h"
#include "login/login_try.h"
#include "page/visitor_form.h"
#include "serve/serve.h"
#include "token/token.h"
#include "json/json.h"

#define WANTS_MAX 65536 /* 20 ids of 1,023 bytes fit */

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

/*
 * What a passkey of the user is asked for. The challenge is bound to the form cookie, which
 * a script of a page gets if it has none.
 */
static enum err
add_options(struct app *app, const struct request *req, struct response *res,
	    const struct login_try *t, struct buf *options)
{
	struct buf bound;
	enum err e;

	if ((t->ways & FACTORS_PASSKEY) == 0 || !login_has_passkeys(app))
		return ERR_OK;
	buf_init(&bound, 256);
	e = visitor_form_binding(app, req, res, &bound);
	if (e == ERR_OK)
		e = login_passkey_options(app, res, buf_str(&bound), str_of(t->user),
					  options);
	buf_done(&bound);
	return e;
}

static void
put_wants(struct buf *json, const struct login_try *t, struct str options)
{
	json_put_open(json, '{');
	json_put_member(json, "error", STR("mfa_required"));
	json_put_member(json, "error_description",
			STR("the password is right; a second factor is needed"));
	json_put_member(json, "mfa_token", str_of(t->ticket));
	json_put_name(json, "methods");
	json_put_open(json, '[');
	if ((t->ways & FACTORS_TOTP) != 0)
		json_put_str(json, STR("totp"));
	if ((t->ways & FACTORS_RECOVERY) != 0)
		json_put_str(json, STR("recovery"));
	if (options.n > 0)
		json_put_str(json, STR("passkey"));
	json_put_close(json, ']');
	if (options.n > 0) {
		json_put_name(json, "publicKey");
		json_put_raw(json, options);
	}
	json_put_close(json, '}');
}

/* The client shows the ticket with its next proof to /login/mfa. */
static void
answer_wants(struct app *app, const struct request *req, struct response *res,
	     const struct login_try *t)
{
	struct buf json, options;
	enum err e;

	if (t->setup) {
		response_error(res, 401, "mfa_setup_required",
			       "this account needs a second factor; sign in with a "
			       "browser and set one up");
		return;
	}
	buf_init(&json, WANTS_MAX);
	buf_init(&options, WANTS_MAX);
	if ((e = add_options(app, req, res, t, &options)) == ERR_OK)
		put_wants(&json, t, buf_str(&options));
	if (e == ERR_OK && json.failed)
		e = ERR_MEMORY;
	if (e == ERR_OK)
		response_json(res, 401, buf_str(&json));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&json);
	buf_done(&options);
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
