#include "jose/jwe/jwe_content.h"

#include <limits.h>

static const struct jwe_content contents[] = {
	{ "A128GCM", 16, 12, 16, "AES-128-GCM", NULL },
	{ "A192GCM", 24, 12, 16, "AES-192-GCM", NULL },
	{ "A256GCM", 32, 12, 16, "AES-256-GCM", NULL },
	{ "A128CBC-HS256", 32, 16, 16, "AES-128-CBC", "SHA256" },
	{ "A192CBC-HS384", 48, 16, 24, "AES-192-CBC", "SHA384" },
	{ "A256CBC-HS512", 64, 16, 32, "AES-256-CBC", "SHA512" },
};

const struct jwe_content *
jwe_content_at(size_t i)
{
	return i < sizeof(contents) / sizeof(*contents) ? &contents[i] : NULL;
}

const struct jwe_content *
jwe_content_find(struct str enc)
{
	for (size_t i = 0; jwe_content_at(i) != NULL; i++)
		if (str_is(enc, contents[i].name))
			return &contents[i];
	return NULL;
}

/* OpenSSL counts in int, and CBC adds one block. */
static bool
is_countable(struct str text)
{
	return text.n <= INT_MAX - 64;
}

enum err
jwe_content_encrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		    struct str plaintext, struct buf *out, unsigned char tag[JWE_TAG_MAX])
{
	if (with->key.n != content->key_size || with->iv.n != content->iv_size)
		return ERR_CRYPTO;
	if (!is_countable(plaintext) || !is_countable(with->aad))
		return ERR_LIMIT;
	if (content->digest == NULL)
		return jwe_gcm_encrypt(content, with, plaintext, out, tag);
	return jwe_cbc_hmac_encrypt(content, with, plaintext, out, tag);
}

enum err
jwe_content_decrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		    struct str ciphertext, struct buf *out, bool *authentic)
{
	*authentic = false;
	if (with->key.n != content->key_size || with->iv.n != content->iv_size ||
	    with->tag.n != content->tag_size)
		return ERR_OK;
	if (!is_countable(ciphertext) || !is_countable(with->aad))
		return ERR_LIMIT;
	if (content->digest == NULL)
		return jwe_gcm_decrypt(content, with, ciphertext, out, authentic);
	return jwe_cbc_hmac_decrypt(content, with, ciphertext, out, authentic);
}
