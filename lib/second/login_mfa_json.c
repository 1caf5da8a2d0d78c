/*
 * POST /login/mfa with JSON: the ticket of the flow and one proof. No cookie is read or
 * set here.
 */
#include "entry/login_tokens.h"
#include "login/login_mfa.h"
#include "second/second_handlers.h"
#include "json/json.h"

/* NULL if it has the right form. Otherwise what is wrong with it. */
static const char *
read_ask(const struct json_t *root, struct login_mfa *with)
{
	struct str code = STR(""), recovery = STR("");
	enum json_found by_code = json_get_str(root, "code", &code);
	enum json_found by_recovery = json_get_str(root, "recovery_code", &recovery);

	if (json_get_str(root, "mfa_token", &with->ticket) != JSON_FOUND)
		return "mfa_token is missing, or is not a string";
	if (by_code == JSON_WRONG)
		return "code is not a string";
	if (by_recovery == JSON_WRONG)
		return "recovery_code is not a string";
	if ((by_code == JSON_FOUND) == (by_recovery == JSON_FOUND))
		return "one of code and recovery_code is needed, and only one";
	if (json_get_bool(root, "remember_device", &with->remember_device) == JSON_WRONG)
		return "remember_device is neither true nor false";
	if (json_get_str(root, "device", &with->device) == JSON_WRONG)
		return "device is not a string";
	with->proof.way = by_code == JSON_FOUND ? FACTORS_TOTP : FACTORS_RECOVERY;
	with->proof.code = by_code == JSON_FOUND ? code : recovery;
	return NULL;
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
       const struct login_mfa_try *t)
{
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

void
login_mfa_json(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit)
{
	struct login_mfa with = { .browser = false };
	const char *wrong = read_ask(visit->json, &with);
	struct login_mfa_try t;

	if (wrong != NULL) {
		response_error(res, 400, "invalid_request", wrong);
		return;
	}
	login_mfa_run(app, req, res, &with, &t);
	if (t.decided)
		answer(app, req, res, &t);
	login_mfa_try_done(&t);
}
