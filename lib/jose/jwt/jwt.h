/*
 * JSON Web Tokens (RFC 7519) under a policy, after RFC 8725.
 */
#ifndef JOSE_JWT_H
#define JOSE_JWT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwt/claims.h"
#include "jose/keyset/keyset.h"
#include "jose/refusal.h"

#define JWT_MAX 8192        /* bytes of a token that is looked at */
#define JWT_ISSUED_MAX 2048 /* bytes of a token that is issued */

struct jwt_policy {
	struct str issuer;   /* iss must be it, byte for byte */
	struct str audience; /* aud must be or contain it */
	/*
	 * "at+jwt": typ must be that, whatever its case, with "application/" in
	 * front or not (RFC 9068, 4). Empty: typ is not looked at, for issuers
	 * that set none.
	 */
	struct str typ;
	int64_t leeway; /* seconds granted to clocks; at most JWT_LEEWAY_MAX */
	bool foreign;   /* another issuer's: whatever `roles` is, none are taken */
};

#define JWT_LEEWAY_MAX 300

/*
 * Verify a signed token. VERDICT_ALLOW and JWT_ACCEPTED only if the signature
 * is good, iss, sub, aud, exp and iat are there, and everything is as the policy
 * wants at `now` (seconds since 1970). `c` must have been initialised and is
 * filled anew; it is empty on refusal. An empty issuer or audience in the policy
 * refuses everything.
 */
enum verdict jwt_verify(const struct keyset *set, const struct jwt_policy *policy,
			struct str token, int64_t now, struct claims *c,
			enum jwt_refusal *refusal);

/* The same for a payload whose signature has been verified (nested tokens). */
enum jwt_refusal jwt_judge(const struct jwt_policy *policy, bool has_typ, struct str typ,
			   int64_t now, struct claims *c);

/*
 * Append a signed token of `typ` with these claims. ERR_LIMIT when it were
 * longer than JWT_ISSUED_MAX (too many roles, say).
 */
enum err jwt_issue(struct jwk *key, const char *typ, const struct claims *c,
		   struct buf *out);

#endif
