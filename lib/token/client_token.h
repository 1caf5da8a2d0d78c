/*
 * What a client of the OpenID provider gets: an access token (RFC 9068) and, if its scope
 * has openid, an ID token (OpenID Connect Core, 2). Neither stands for the other: their
 * typ differs. Neither is ever encrypted, because whoever reads it has no key of ours.
 */
#ifndef CLIENT_TOKEN_H
#define CLIENT_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "token/token.h"

#define CLIENT_TOKEN_MAX JWT_MAX /* bytes; no cookie has to hold it */
#define ID_TOKEN_TYPE "JWT"

/* All borrowed. Lists are words separated by one space. */
struct client_token {
	struct str client;  /* its client_id */
	struct str subject; /* the user's id */
	struct str sid; /* of an access token: the grant's; of an ID token: see below */
	struct str amr; /* how the user proved who they are */
	int64_t auth_time; /* by the database's clock, which may be ahead of ours */
	/* only of an access token */
	struct str scope;
	struct str audience; /* another one than the provider; empty: the provider */
	struct str roles;    /* are said only to another audience, and so is the login */
	/* only of an ID token */
	struct str nonce;      /* empty: none */
	const struct alg *alg; /* NULL: the site's */
};

/*
 * Append an access token that is good for `life` seconds from `now`. `site` is public_url.
 * ERR_NOT_FOUND: no key may sign now. ERR_LIMIT: it would be too long.
 */
enum err client_token_sign(struct signer *s, const struct client_token *t,
			   struct str site, int64_t now, int64_t life, struct buf *out,
			   struct why *why);

/*
 * Append an ID token. `more` has further members for it (claims_add), or nothing. The
 * `sid` in it is one that is made for this client alone.
 */
enum err id_token_sign(struct signer *s, const struct client_token *t,
		       struct claims *more, int64_t now, int64_t life, struct buf *out,
		       struct why *why);

/*
 * True if `token` is an access token of ours that was made for a client, whatever its
 * audience: to give it back. `c` as in jwt_verify.
 */
enum verdict client_token_check(struct signer *s, struct str token, int64_t now,
				struct claims *c, enum jwt_refusal *refusal);

#endif
