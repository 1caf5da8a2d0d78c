/*
 * Signing a JWS in the compact form (RFC 7515, 5.1).
 */
#ifndef JWS_SIGN_H
#define JWS_SIGN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwk/jwk.h"

/*
 * Append the token. Its header contains alg, kid, and typ if `typ` is not NULL.
 * ERR_PERMISSION if the key has no private part or may not sign.
 */
enum err jws_sign(struct jwk *key, const char *typ, struct str payload, struct buf *out);

#endif
