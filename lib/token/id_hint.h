/*
 * An ID token that comes back to us: id_token_hint, at the authorization endpoint (OpenID
 * Connect Core, 3.1.2.1) and at a logout (OpenID Connect RP-Initiated Logout, 2). It says
 * who the client thinks is here. It opens nothing.
 */
#ifndef ID_HINT_H
#define ID_HINT_H

#include "jose/jwt/claims.h"
#include "token/token.h"

/* Of an ID token that we made. The strings borrow from `claims`. */
struct id_hint {
	struct claims claims;
	struct str user;   /* sub */
	struct str client; /* aud, of which there is one */
	struct str sid;    /* as the client knows the session */
};

/*
 * VERDICT_ALLOW only for an ID token that one of our keys has signed, for one client.
 * Whether it has expired does not matter. An access token is refused (JWT_TYPE), and so
 * is a token without sub or sid (JWT_CLAIMS), of another issuer (JWT_ISSUER), or for more
 * than one audience (JWT_AUDIENCE). `refusal` always gives the reason; JWT_FAILED means
 * that the check could not be done (503). After a refusal all strings are empty. Call
 * id_hint_done after any return.
 */
enum verdict id_hint_read(struct signer *s, struct str token, int64_t now,
			  struct id_hint *hint, enum jwt_refusal *refusal);
void id_hint_done(struct id_hint *hint);

#endif
