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
#define TOKEN_MAX 4064      /* bytes; with its name, this fits into a cookie */

/* Paths. NULL: tokens are not encrypted, or encrypted tokens are not read. */
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
	int64_t leeway; /* for token_check, as the verifiers allow it; 0 after opening */
};

/* `issuer` and `audience` are borrowed. signer_close after any return. */
enum err signer_open(struct signer *s, const struct signer_keys *keys, struct str issuer,
		     struct str audience, struct why *why);
void signer_close(struct signer *s);

/*
 * The key that signs now, borrowed until the next call. NULL, with `why`, if no key
 * may sign.
 */
struct jwk *signer_key(struct signer *s, int64_t now, struct why *why);

/* The same for the key of that algorithm. NULL: as signer_key. */
struct jwk *signer_key_of(struct signer *s, const struct alg *alg, int64_t now,
			  struct why *why);

/* A login as its tokens describe it. All borrowed. */
struct token_login {
	struct str subject; /* the user's id */
	struct str name;
	struct str roles; /* words separated by one space */
	struct str sid;
	struct str amr;    /* words, too: how the user proved who they are; the claim
			    * acr follows from them (token/acr.h) */
	int64_t auth_time; /* by the database's clock, which may be ahead of ours */
	int64_t ends_at;
};

/*
 * Append a token for `login` that is good for `life` seconds from `now`, but not
 * longer than the session. *expires_in is its life. ERR_NOT_FOUND: no key may sign
 * now. ERR_LIMIT: it would be longer than JWT_ISSUED_MAX, or, if encrypted, than
 * TOKEN_MAX, and browsers would drop it silently.
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

/*
 * As token_sign, with another audience than the site's own. `c` then borrows from
 * `audience`, too.
 */
enum err token_sign_for(struct signer *s, struct claims *c, struct str audience,
			int64_t now, int64_t life, struct buf *jti, struct buf *out,
			struct why *why);

/* True if `token` is one of ours and still good. `c` as in jwt_verify. */
enum verdict token_check(struct signer *s, struct str token, int64_t now,
			 struct claims *c, enum jwt_refusal *refusal);

#endif
