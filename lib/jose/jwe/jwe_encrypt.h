/*
 * Encrypting into a JWE in the compact form (RFC 7516, 5.1).
 */
#ifndef JWE_ENCRYPT_H
#define JWE_ENCRYPT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwk/jwk.h"

/*
 * Append the token. Its header is alg, enc, kid where the key names one, cty
 * where `cty` is not NULL, and what the algorithm needs.
 *
 * `alg` NULL is the key's; another is refused unless the key names none and
 * both are of the ECDH-ES family. `enc` NULL is A256GCM or, for `dir`, what
 * fits the key. ERR_UNSUPPORTED for RSA-OAEP (with SHA-1), which is offered
 * to read only; ERR_PERMISSION when the key may not encrypt; ERR_SYNTAX when
 * alg, enc and key do not go together.
 */
enum err jwe_encrypt(struct jwk *key, const struct alg *alg, const struct alg *enc,
		     const char *cty, struct str plaintext, struct buf *out);

#endif
