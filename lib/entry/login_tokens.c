#include "entry/login_tokens.h"

#include "serve/serve.h"
#include "token/token.h"
#include "json/json.h"

void
login_answer_tokens(struct app *app, const struct request *req, struct response *res,
		    const struct login_tokens *tokens)
{
	struct buf json;

	buf_init(&json, 3 * JWT_MAX);
	json_put_open(&json, '{');
	json_put_member(&json, "token", tokens->token);
	json_put_member(&json, "access_token", tokens->token); /* its name in OAuth 2.0 */
	json_put_member(&json, "token_type", STR("Bearer"));
	json_put_member_int(&json, "expires_in", tokens->expires_in);
	if (tokens->refresh.n > 0)
		json_put_member(&json, "refresh_token", tokens->refresh);
	if (tokens->device.n > 0)
		json_put_member(&json, "device", tokens->device);
	if (tokens->recovery_used)
		json_put_member_int(&json, "recovery_codes_left", tokens->recovery_left);
	json_put_close(&json, '}');
	if (json.failed)
		serve_unavailable(app, req, res, ERR_MEMORY);
	else
		response_json(res, 200, buf_str(&json));
	buf_done(&json);
}
