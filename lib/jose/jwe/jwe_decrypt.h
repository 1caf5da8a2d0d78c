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
 * On VERDICT_ALLOW, and only then, the plaintext has been appended to
 * `plaintext`, and `h` is the token's header. `refusal` always says why. The
 * key is found by kid and its algorithm must be the token's; a key for `dir`
 * that names an `enc` as its algorithm takes that one only.
 *
 * A wrong key, a wrong tag, a wrong padding and an encrypted key that does not
 * unwrap are all JWT_DECRYPTION, after the same work: where the key does not
 * unwrap, decryption goes on with a random one (RFC 7516, 11.5).
 *
 * Refused besides what header_parse refuses: an encrypted key where there is
 * none to be (dir, ECDH-ES); an epk of another curve, off its curve, with a
 * private part, or (X25519) that makes the secret zero; apu, apv, iv and tag
 * in the header that are not canonical base64url. header_done after any return.
 */
enum verdict jwe_decrypt(const struct keyset *set, struct str token, int64_t now,
			 struct header *h, struct buf *plaintext,
			 enum jwt_refusal *refusal);

#endif
