/*
 * The signature of a JWS alone (RFC 7515, 5.2, step 8; RFC 7518, 3): over `input`,
 * which is header and payload as they stand in the token, by one key.
 */
#ifndef JWS_CHECK_H
#define JWS_CHECK_H

#include "base/str.h"
#include "jose/jwk/jwk.h"
#include "jose/refusal.h"

/* JWT_ACCEPTED, or why not: the algorithm is the key's, whatever a header says. */
enum jwt_refusal jws_check(struct jwk *key, struct str input, struct str signature);

#endif
