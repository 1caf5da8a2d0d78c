#include <openssl/err.h>
#include <string.h>

#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"

/* The content cipher that does the key wrapping: AES-GCM under a key of that size. */
static const struct jwe_content *
cipher_of(struct str kek)
{
	switch (kek.n) {
	case 16:
		return jwe_content_find(STR("A128GCM"));
	case 24:
		return jwe_content_find(STR("A192GCM"));
	case 32:
		return jwe_content_find(STR("A256GCM"));
	}
	return NULL;
}

enum err
jwe_gcmkw_wrap(struct str kek, struct str iv, struct str cek, struct buf *out,
	       unsigned char tag[JWE_GCMKW_TAG])
{
	const struct jwe_content *cipher = cipher_of(kek);
	const struct jwe_sealed with = { .key = kek, .iv = iv };
	unsigned char full[JWE_TAG_MAX];
	enum err e;

	if (cipher == NULL)
		return ERR_CRYPTO;
	if ((e = jwe_content_encrypt(cipher, &with, cek, out, full)) == ERR_OK)
		memcpy(tag, full, JWE_GCMKW_TAG);
	return e;
}

enum err
jwe_gcmkw_unwrap(struct str kek, struct str iv, struct str tag, struct str wrapped,
		 unsigned char *cek, size_t cek_size)
{
	const struct jwe_content *cipher = cipher_of(kek);
	const struct jwe_sealed with = { .key = kek, .iv = iv, .tag = tag };
	struct buf key;
	bool authentic;
	enum err e;

	if (cipher == NULL)
		return ERR_CRYPTO;
	if (wrapped.n != cek_size)
		return ERR_OK;
	buf_init(&key, JWE_KEY_MAX);
	e = jwe_content_decrypt(cipher, &with, wrapped, &key, &authentic);
	if (e == ERR_OK && authentic && key.n == cek_size)
		memcpy(cek, key.p, cek_size);
	buf_done(&key);
	ERR_clear_error();
	return e;
}
