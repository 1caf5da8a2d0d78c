/*
 * A credential's public key (RFC 9052, 7; RFC 9053, 7; RFC 8230, 4) as our JWK.
 */
#ifndef COSE_KEY_H
#define COSE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "jose/jwk/jwk.h"

/*
 * Read a COSE_Key whose CBOR was checked. ERR_UNSUPPORTED: its alg is not offered.
 * ERR_SYNTAX: no alg; kty, crv or another member does not belong to the alg (WebAuthn,
 * 6.5.1.1 admits no optional members); or jwk.h refuses the numbers. Call jwk_done after
 * any return.
 */
enum err cose_key_read(struct str encoded, struct jwk *key, struct why *why);

/* The COSE number of the i-th algorithm on offer; 0 past the end. */
int cose_key_alg(size_t i);

/* Is the algorithm of this key on offer? */
bool cose_key_is_offered(const struct jwk *key);

#endif
