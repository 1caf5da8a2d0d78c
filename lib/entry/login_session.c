#include "entry/login_session.h"

#include <string.h>

#include "access/access.h"
#include "serve/power_sign.h"
#include "token/identity.h"
#include "token/token.h"

static bool
copy_uuid(char to[UUID_SIZE], struct str from)
{
	if (from.n != UUID_SIZE - 1)
		return false;
	memcpy(to, from.p, from.n);
	to[from.n] = '\0';
	return true;
}

bool
login_session_of(struct app *app, const struct request *req, char user[UUID_SIZE],
		 char sid[UUID_SIZE])
{
	struct cookie access = access_cookie(app->config);
	enum jwt_refusal refusal;
	struct claims claims;
	bool good;

	claims_init(&claims);
	good = token_check(app_signer(app), cookie_get(req, &access), app->now, &claims,
			   &refusal) == VERDICT_ALLOW &&
	       identity_kind_of(&claims) == IDENTITY_LOGIN &&
	       copy_uuid(user, claims.sub) && copy_uuid(sid, claims.sid);
	claims_done(&claims);
	return good;
}
