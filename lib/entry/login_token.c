#include "entry/login_token.h"

#include "serve/power_sign.h"
#include "token/token.h"

enum err
login_token(struct app *app, const struct session *session, int64_t life, struct buf *out,
	    int64_t *expires_in, struct why *why)
{
	const struct token_login login = {
		.subject = str_of(session->user_id),
		.name = str_of(session->name),
		.roles = str_of(session->roles),
		.sid = str_of(session->sid),
		.amr = str_of(session->amr),
		.auth_time = session->auth_time,
		.ends_at = session->ends_at,
	};

	return token_issue(app_signer(app), &login, app->now, life, out, expires_in, why);
}
