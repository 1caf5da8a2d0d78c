/*
 * Makes tokens that are signed and then encrypted (RFC 7519, 11.2; RFC 7516): a JWE
 * whose plaintext is the signed token. jwt_unseal.h does the reverse.
 */
#ifndef JWT_SEAL_H
#define JWT_SEAL_H

#include "jose/jwt/jwt.h"

/*
 * Append `token`, which is signed, encrypted for `key`. ERR_LIMIT if the result would
 * be longer than JWT_MAX.
 */
enum err jwt_seal(struct jwk *key, struct str token, struct buf *out);

#endif
