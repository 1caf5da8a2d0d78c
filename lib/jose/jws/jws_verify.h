/*
 * Verifying a JWS in the compact form (RFC 7515, 5.2).
 */
#ifndef JWS_VERIFY_H
#define JWS_VERIFY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/header.h"
#include "jose/keyset/keyset.h"

#define JWS_MAX 1048576 /* bytes of a token; jwt_verify allows much less */

/*
 * On VERDICT_ALLOW, and only then, the payload has been appended to `payload`, and `h`
 * is the token's header. `refusal` always gives the reason. The key is found by kid,
 * and its algorithm must be the token's. Call header_done after any return.
 */
enum verdict jws_verify(const struct keyset *set, struct str token, int64_t now,
			struct header *h, struct buf *payload, enum jwt_refusal *refusal);

/*
 * Read a token WITHOUT verifying it, to show it or to find out which issuer's keys to
 * use. Do not trust anything in it.
 */
enum jwt_refusal jws_peek(struct str token, struct header *h, struct buf *payload);

#endif
