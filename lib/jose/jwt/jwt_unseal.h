/*
 * Opens tokens that are signed and then encrypted (RFC 7519, 11.2; RFC 7516): a JWE
 * whose plaintext is the signed token.
 */
#ifndef JWT_UNSEAL_H
#define JWT_UNSEAL_H

#include "jose/jwt/jwt.h"

/* True if the token has the form of an encrypted one. */
bool jwt_is_sealed(struct str token);

/*
 * Append the signed token in the encrypted one. It is not verified yet, so jwt_verify
 * must follow. jwt_verify accepts signed tokens only. So nothing is decrypted twice,
 * and nothing that is only encrypted is ever trusted. The header must say that a JWT
 * is inside (cty; RFC 7519, 5.2). `inner` holds JWT_MAX bytes at most.
 */
enum verdict jwt_unseal(const struct keyset *decryption, struct str token, int64_t now,
			struct buf *inner, enum jwt_refusal *refusal);

/*
 * jwt_verify for a token that may be encrypted. If `decryption` is NULL, encrypted
 * tokens are refused. `c` as in jwt_verify.
 */
enum verdict jwt_open(const struct keyset *decryption, const struct keyset *set,
		      const struct jwt_policy *policy, struct str token, int64_t now,
		      struct claims *c, enum jwt_refusal *refusal);

#endif
