/* The answer to a script whose login, or renewal, was successful. */
#ifndef LOGIN_TOKENS_H
#define LOGIN_TOKENS_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/*
 * Answer with tokens as JSON: {"token","access_token","token_type","expires_in"}, the
 * first two being the same, and "refresh_token" and "device" unless they are empty.
 * After a recovery code also "recovery_codes_left".
 */
struct login_tokens {
	struct str token, refresh, device;
	int64_t expires_in;
	bool recovery_used;
	int64_t recovery_left;
};

void login_answer_tokens(struct app *app, const struct request *req, struct response *res,
			 const struct login_tokens *tokens);

#endif
