/*
 * An issuer of access tokens: claims, or the session of a login, go in, and a signed JWT
 * comes out. Where an encryption key is given, it is then encrypted (RFC 7519, 11.2).
 * Only programs that hold the signing key link this.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwt/jwt.h"
#include "jose/keyset/keyset.h"
#include "token/identity.h"

#define TOKEN_TYPE "at+jwt" /* RFC 9068, 2.1 */
#define TOKEN_MAX 4064      /* bytes: with its name, what a cookie may hold */

/* Paths; NULL: tokens are not encrypted, or such tokens are not read. */
struct signer_keys {
	const char *signing;
	const char *encryption;
	const char *decryption;
	const char *alg; /* signing_alg; NULL: see keyset_signing_key */
};

struct signer {
	struct keyset_watch keys;
	struct keyset_watch encryption;
	struct keyset_watch decryption;
	const struct alg *alg;
	bool encrypts, decrypts;
	struct str issuer;
	struct str audience;
	int64_t leeway; /* of token_check, as the verifiers grant it; 0 after opening */
};

/* `issuer` and `audience` are borrowed. signer_close after any return. */
enum err signer_open(struct signer *s, const struct signer_keys *keys, struct str issuer,
		     struct str audience, struct why *why);
void signer_close(struct signer *s);

/* The key that signs now, borrowed until the next call; NULL, and `why`, if none may. */
struct jwk *signer_key(struct signer *s, int64_t now, struct why *why);

/* A login as its tokens tell it; all borrowed. */
struct token_login {
	struct str subject; /* the user's id */
	struct str name;
	struct str roles; /* words separated by one space */
	struct str sid;
	struct str amr;    /* likewise words; empty: not told */
	struct str acr;    /* empty: not told */
	int64_t auth_time; /* by the database's clock, which may be ahead of ours */
	int64_t ends_at;
};

/*
 * Append a token for `login` that is good for `life` seconds from `now`, at
 * most until the session ends; *expires_in says how long. ERR_NOT_FOUND: no key
 * may sign now; ERR_LIMIT: it would be longer than JWT_ISSUED_MAX, or than TOKEN_MAX
 * when it is encrypted, so that a browser would drop it without a word.
 */
enum err token_issue(struct signer *s, const struct token_login *login, int64_t now,
		     int64_t life, struct buf *out, int64_t *expires_in, struct why *why);

/*
 * Append a token with the claims of `c`, good for `life` seconds from `now`. Adds iss, aud,
 * jti, iat and exp to `c`, which must say for whom the token is made (client_id). The jti
 * is left in `jti`, which `c` then borrows from. ERR_NOT_FOUND: no key may
 * sign now; ERR_LIMIT: it would be too long.
 */
enum err token_sign(struct signer *s, struct claims *c, int64_t now, int64_t life,
		    struct buf *jti, struct buf *out, struct why *why);

/* Is `token` one of ours, and still good? `c` as in jwt_verify. */
enum verdict token_check(struct signer *s, struct str token, int64_t now,
			 struct claims *c, enum jwt_refusal *refusal);

#endif
