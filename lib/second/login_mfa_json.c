/*
 * POST /login/mfa with JSON: the ticket of the flow and one proof. The only cookie that is
 * read is the form cookie, to which the challenge of a passkey is bound.
 */
#include "entry/login_tokens.h"
#include "login/login_mfa.h"
#include "second/login_key.h"
#include "second/second_handlers.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

/* The proof, of which exactly one must be there. NULL: it has the right form. */
static const char *
read_proof(const struct json_t *root, struct mfa_proof *proof, struct buf *credential)
{
	const struct json_t *passkey;
	enum json_found by[] = {
		json_get_str(root, "code", &proof->code),
		json_get_str(root, "recovery_code", &proof->code),
		json_get_object(root, "passkey", &passkey),
	};
	int n = 0;

	if (by[0] == JSON_WRONG)
		return "code is not a string";
	if (by[1] == JSON_WRONG)
		return "recovery_code is not a string";
	if (by[2] == JSON_WRONG)
		return "passkey is not an object";
	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		n += by[i] == JSON_FOUND ? 1 : 0;
	if (n != 1)
		return "one of code, recovery_code and passkey is needed, and only one";
	proof->way = by[0] == JSON_FOUND   ? FACTORS_TOTP
		     : by[1] == JSON_FOUND ? FACTORS_RECOVERY
					   : FACTORS_PASSKEY;
	if (proof->way == FACTORS_PASSKEY)
		json_put_value(credential, passkey);
	return NULL;
}

/* NULL if it has the right form. Otherwise what is wrong with it. */
static const char *
read_ask(const struct json_t *root, struct login_mfa *with, struct buf *credential)
{
	if (json_get_str(root, "mfa_token", &with->ticket) != JSON_FOUND)
		return "mfa_token is missing, or is not a string";
	if (json_get_bool(root, "remember_device", &with->remember_device) == JSON_WRONG)
		return "remember_device is neither true nor false";
	if (json_get_str(root, "device", &with->device) == JSON_WRONG)
		return "device is not a string";
	return read_proof(root, &with->proof, credential);
}

static void
answer_done(struct app *app, const struct request *req, struct response *res,
	    const struct login_mfa_try *t)
{
	const struct login_tokens tokens = {
		.token = buf_str(&t->token),
		.expires_in = t->expires_in,
		.refresh = str_of(t->result.opened.refresh),
		.device = str_of(t->result.opened.device),
		.recovery_used = t->result.recovery_left >= 0,
		.recovery_left = t->result.recovery_left,
	};

	login_answer_tokens(app, req, res, &tokens);
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct login_mfa *with, const struct login_mfa_try *t)
{
	if (with->proof.way == FACTORS_PASSKEY &&
	    (t->result.outcome == MFA_WRONG || t->result.outcome == MFA_REPLAYED)) {
		response_error(res, 401, "invalid_passkey",
			       "this passkey was not accepted; mfa_token is still good");
		return;
	}
	switch (t->result.outcome) {
	case MFA_DONE:
		answer_done(app, req, res, t);
		break;
	case MFA_OVER:
		response_error(res, 401, "mfa_token_invalid",
			       "this login is over; begin with name and password again");
		break;
	case MFA_WRONG:
		response_error(res, 401, "invalid_code",
			       "the code is not right; mfa_token is still good");
		break;
	case MFA_REPLAYED:
		response_error(res, 401, "invalid_code",
			       "the code was used before; wait for the next one");
		break;
	case MFA_THROTTLED:
		response_error(res, 429, "too_many_requests",
			       "too many tries of codes; wait and try again");
		break;
	case MFA_TOO_OFTEN:
		response_error(res, 429, "too_many_requests",
			       "too many logins; wait and try again");
		break;
	case MFA_NO_KEYS:
		response_error(res, 503, "temporarily_unavailable",
			       "codes of apps cannot be checked at the moment");
	}
}

static void
run(struct app *app, const struct request *req, struct response *res,
    struct login_mfa *with, struct str credential, struct login_mfa_try *t)
{
	struct mfa_result refused = { .outcome = MFA_DONE };
	struct flow_policy flow;
	struct mfa_policy policy;
	struct mfa_login login;
	struct why why = { "" };
	struct login_key key;
	enum err e = ERR_OK;

	login_mfa_policy(app, &flow, &policy);
	if (with->proof.way == FACTORS_PASSKEY) {
		e = mfa_find(&policy, with->ticket, &login, &why);
		if (e == ERR_OK && login.found && !login.setup)
			e = login_key_judge(app, req, str_of(login.user), credential,
					    &key, &with->proof, &refused, &why);
	}
	if (e != ERR_OK) {
		login_mfa_unavailable(app, req, res, e, &why);
	} else if (refused.outcome != MFA_DONE) {
		login_mfa_refuse(app, req, res, &refused);
		t->result = refused;
		t->decided = true;
	} else {
		login_mfa_run(app, req, res, with, t);
	}
}

void
login_mfa_json(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit)
{
	struct login_mfa with = { .browser = false };
	struct login_mfa_try t = { .decided = false };
	struct buf credential;
	const char *wrong;

	buf_init(&credential, WEBAUTHN_JSON_MAX);
	wrong = read_ask(visit->json, &with, &credential);
	if (wrong != NULL) {
		response_error(res, 400, "invalid_request", wrong);
	} else {
		run(app, req, res, &with, buf_str(&credential), &t);
		if (t.decided)
			answer(app, req, res, &with, &t);
		login_mfa_try_done(&t);
	}
	buf_done(&credential);
}
