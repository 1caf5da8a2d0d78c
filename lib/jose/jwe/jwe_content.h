/*
 * Content encryption of JWE (RFC 7518, 5): AES-GCM and AES-CBC with HMAC.
 */
#ifndef JWE_CONTENT_H
#define JWE_CONTENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define JWE_KEY_MAX 64
#define JWE_IV_MAX 16
#define JWE_TAG_MAX 32

struct jwe_content {
	const char *name; /* the `enc` header parameter */
	size_t key_size;  /* size of the content encryption key; sizes are in bytes */
	size_t iv_size;
	size_t tag_size;
	const char *cipher; /* OpenSSL's names of its parts */
	const char *digest; /* NULL for GCM */
};

/* One run of the cipher. Each part has the size that `content` demands. */
struct jwe_sealed {
	struct str key;
	struct str iv;
	struct str aad; /* the first part of the token, as it was received */
	struct str tag; /* used by decryption only */
};

/* NULL if the name is not supported. */
const struct jwe_content *jwe_content_find(struct str enc);

/* The i-th, and NULL after the last. */
const struct jwe_content *jwe_content_at(size_t i);

/* Append the ciphertext to `out`; the tag's tag_size bytes go to `tag`. */
enum err jwe_content_encrypt(const struct jwe_content *content,
			     const struct jwe_sealed *with, struct str plaintext,
			     struct buf *out, unsigned char tag[JWE_TAG_MAX]);

/*
 * Append the plaintext to `out` and set `authentic`. If the tag is wrong, or the
 * padding after a right tag, `authentic` is false and `out` is unchanged. Nothing
 * reveals which of the two it was.
 */
enum err jwe_content_decrypt(const struct jwe_content *content,
			     const struct jwe_sealed *with, struct str ciphertext,
			     struct buf *out, bool *authentic);

/* The two families; jwe_content_encrypt and _decrypt choose. */
enum err jwe_gcm_encrypt(const struct jwe_content *, const struct jwe_sealed *,
			 struct str plaintext, struct buf *out,
			 unsigned char tag[JWE_TAG_MAX]);
enum err jwe_gcm_decrypt(const struct jwe_content *, const struct jwe_sealed *,
			 struct str ciphertext, struct buf *out, bool *authentic);
enum err jwe_cbc_hmac_encrypt(const struct jwe_content *, const struct jwe_sealed *,
			      struct str plaintext, struct buf *out,
			      unsigned char tag[JWE_TAG_MAX]);
enum err jwe_cbc_hmac_decrypt(const struct jwe_content *, const struct jwe_sealed *,
			      struct str ciphertext, struct buf *out, bool *authentic);

#endif
