/* JSON Web Tokens (RFC 7519) checked by a policy, as in RFC 8725. */
#ifndef JOSE_JWT_H
#define JOSE_JWT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwt/claims.h"
#include "jose/keyset/keyset.h"
#include "jose/refusal.h"

#define JWT_MAX 8192        /* size of a token that is verified */
#define JWT_ISSUED_MAX 2048 /* size of a token that is issued */

struct jwt_policy {
	struct str issuer;   /* iss must be equal to it, byte for byte */
	struct str audience; /* aud must be equal to it or contain it */
	/*
	 * The address of the site: aud may also be a single address below it (RFC 8707).
	 * Then the caller must decide whether the token is meant for what was asked.
	 * Empty: it may not.
	 */
	struct str site;
	/*
	 * "at+jwt": typ must be this, in upper or lower case, with "application/" in
	 * front or without (RFC 9068, 4). Empty: typ is not checked, for issuers that
	 * set none.
	 */
	struct str typ;
	int64_t leeway; /* tolerance for clocks, in seconds; at most JWT_LEEWAY_MAX */
	bool foreign;   /* a token of another issuer: none of its `roles` are read */
};

#define JWT_LEEWAY_MAX 300

/*
 * Verify a signed token. VERDICT_ALLOW and JWT_ACCEPTED only if the signature is good,
 * iss, sub, aud, exp and iat are present, and everything agrees with the policy at
 * `now` (seconds since 1970). `c` must be initialised. It is filled anew, and is empty
 * on refusal. An empty issuer or audience in the policy refuses every token.
 */
enum verdict jwt_verify(const struct keyset *set, const struct jwt_policy *policy,
			struct str token, int64_t now, struct claims *c,
			enum jwt_refusal *refusal);

/* The path if aud is a single address below `site`; otherwise empty. */
struct str jwt_path_of(const struct claims *c, struct str site);

/* As jwt_verify, for a payload whose signature has been verified (nested tokens). */
enum jwt_refusal jwt_judge(const struct jwt_policy *policy, bool has_typ, struct str typ,
			   int64_t now, struct claims *c);

/*
 * Append a signed token of `typ` with these claims. ERR_LIMIT if it would be longer
 * than JWT_ISSUED_MAX (because of too many roles, for example).
 */
enum err jwt_issue(struct jwk *key, const char *typ, const struct claims *c,
		   struct buf *out);

/* As jwt_issue, with another limit than JWT_ISSUED_MAX. */
enum err jwt_issue_up_to(size_t max, struct jwk *key, const char *typ,
			 const struct claims *c, struct buf *out);

#endif
