/*
 * Checks only the signature of a JWS (RFC 7515, 5.2, step 8; RFC 7518, 3) with one
 * key. `input` is the header and the payload as they appear in the token.
 */
#ifndef JWS_CHECK_H
#define JWS_CHECK_H

#include "base/str.h"
#include "jose/jwk/jwk.h"
#include "jose/refusal.h"

/* JWT_ACCEPTED, or the reason. The algorithm is the key's, whatever a header says. */
enum jwt_refusal jws_check(struct jwk *key, struct str input, struct str signature);

#endif
