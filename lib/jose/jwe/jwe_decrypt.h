/*
 * Decrypting a JWE in the compact form (RFC 7516, 5.2).
 */
#ifndef JWE_DECRYPT_H
#define JWE_DECRYPT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/header.h"
#include "jose/keyset/keyset.h"

#define JWE_MAX (2 * 1024 * 1024) /* bytes of a token */

/*
 * On VERDICT_ALLOW, and only then, the plaintext has been appended to `plaintext`, and
 * `h` is the token's header. `refusal` always gives the reason. The key is found by
 * kid, and its algorithm must be the token's. A key for `dir` that names an `enc` as
 * its algorithm accepts only that one.
 *
 * A wrong key, a wrong tag, wrong padding and an encrypted key that cannot be
 * unwrapped all give JWT_DECRYPTION after the same work: if the key cannot be
 * unwrapped, decryption goes on with a random one (RFC 7516, 11.5).
 *
 * Refused in addition to what header_parse refuses: an encrypted key if there must be
 * none (dir, ECDH-ES); an epk of another curve, not on its curve, with a private part,
 * or (X25519) that makes the secret zero; apu, apv, iv and tag in the header that are
 * not canonical base64url. Call header_done after any return.
 */
enum verdict jwe_decrypt(const struct keyset *set, struct str token, int64_t now,
			 struct header *h, struct buf *plaintext,
			 enum jwt_refusal *refusal);

#endif
