/*
 * Opening tokens that are signed and then encrypted (RFC 7519, 11.2; RFC 7516): a
 * JWE whose plaintext is the signed token.
 */
#ifndef JWT_UNSEAL_H
#define JWT_UNSEAL_H

#include "jose/jwt/jwt.h"

/* Is this an encrypted token, by its form? */
bool jwt_is_sealed(struct str token);

/*
 * Append the signed token that the encrypted one holds. It is not verified
 * yet: jwt_verify must follow, which takes signed tokens only, so nothing is
 * unpacked twice and nothing that is only encrypted is ever believed. Its
 * header must say that a JWT is inside (cty; RFC 7519, 5.2). `inner` holds
 * JWT_MAX bytes at most.
 */
enum verdict jwt_unseal(const struct keyset *decryption, struct str token, int64_t now,
			struct buf *inner, enum jwt_refusal *refusal);

/*
 * jwt_verify for a token that may be encrypted; `decryption` NULL refuses
 * those. `c` as there.
 */
enum verdict jwt_open(const struct keyset *decryption, const struct keyset *set,
		      const struct jwt_policy *policy, struct str token, int64_t now,
		      struct claims *c, enum jwt_refusal *refusal);

#endif
