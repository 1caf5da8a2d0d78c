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
 * Append the token. Its header contains alg, enc, kid if the key names one, cty if
 * `cty` is not NULL, and what the algorithm needs.
 *
 * If `alg` is NULL, the key's algorithm is used. Another one is refused, unless the
 * key names none and both belong to the ECDH-ES family. If `enc` is NULL, A256GCM is
 * used or, for `dir`, the one that fits the key. ERR_UNSUPPORTED for RSA-OAEP (with
 * SHA-1), which we only decrypt. ERR_PERMISSION if the key may not encrypt. ERR_SYNTAX
 * if alg, enc and key do not fit together.
 */
enum err jwe_encrypt(struct jwk *key, const struct alg *alg, const struct alg *enc,
		     const char *cty, struct str plaintext, struct buf *out);

#endif
