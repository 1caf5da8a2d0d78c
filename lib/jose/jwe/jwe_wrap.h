/*
 * How the content encryption key (CEK) of a JWE is transported (RFC 7518, 4), with one
 * file for each algorithm family. Keys are raw octets or OpenSSL keys.
 *
 * If the wrapped key is not as it must be, a function that unwraps leaves `cek`
 * unchanged and does not report it. The caller has filled `cek` with random octets. So
 * a wrong key is noticed only by the content's tag, like every other mistake and after
 * the same time (RFC 7516, 11.5).
 */
#ifndef JWE_WRAP_H
#define JWE_WRAP_H

#include <openssl/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define JWE_GCMKW_IV 12
#define JWE_GCMKW_TAG 16
#define JWE_SECRET_MAX 66 /* of ECDH on P-521 */

/* AES key wrap (RFC 3394); `kek` has 16, 24 or 32 octets. */
enum err jwe_aeskw_wrap(struct str kek, struct str cek, struct buf *out);
enum err jwe_aeskw_unwrap(struct str kek, struct str wrapped, unsigned char *cek,
			  size_t cek_size);

/* AES-GCM as key wrap. An `iv` (12 octets) must never be used twice under one key. */
enum err jwe_gcmkw_wrap(struct str kek, struct str iv, struct str cek, struct buf *out,
			unsigned char tag[JWE_GCMKW_TAG]);
enum err jwe_gcmkw_unwrap(struct str kek, struct str iv, struct str tag,
			  struct str wrapped, unsigned char *cek, size_t cek_size);

/* RSAES-OAEP; `digest` as OpenSSL names it, for the label and for MGF1. */
enum err jwe_rsa_oaep_wrap(EVP_PKEY *key, const char *digest, struct str cek,
			   struct buf *out);
enum err jwe_rsa_oaep_unwrap(EVP_PKEY *key, const char *digest, struct str wrapped,
			     unsigned char *cek, size_t cek_size);

/*
 * The shared secret of our private key and their public key. ERR_SYNTAX if they are
 * not on the same curve. For X25519 also if the secret is all zero (RFC 7748, 6.1; RFC
 * 8037, 3.2.1), because somebody chose the public key for that result.
 */
enum err jwe_ecdh_agree(EVP_PKEY *ours, EVP_PKEY *theirs,
			unsigned char secret[JWE_SECRET_MAX], size_t *n);

/* Concat KDF with SHA-256 (RFC 7518, 4.6.2). apu and apv are already decoded. */
enum err jwe_concat_kdf(struct str secret, struct str algorithm, struct str apu,
			struct str apv, unsigned char *key, size_t key_size);

#endif
