/*
 * Making tokens that are signed and then encrypted (RFC 7519, 11.2; RFC 7516): a
 * JWE whose plaintext is the signed token. The way back is in jose/jwt/jwt_unseal.h.
 */
#ifndef JWT_SEAL_H
#define JWT_SEAL_H

#include "jose/jwt/jwt.h"

/*
 * Append `token`, which is signed, encrypted to `key`. ERR_LIMIT when the
 * result were longer than JWT_MAX.
 */
enum err jwt_seal(struct jwk *key, struct str token, struct buf *out);

#endif
