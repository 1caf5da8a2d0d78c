/* AES-GCM (RFC 7518, 5.3). */
#include <openssl/evp.h>
#include <string.h>

#include "jose/jwe/jwe_content.h"

static const unsigned char *
octets(struct str s)
{
	return (const unsigned char *)s.p;
}

/* A context with the key, the IV and the additional data. */
static EVP_CIPHER_CTX *
start(const struct jwe_content *content, const struct jwe_sealed *with, int encrypt)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, content->cipher, NULL);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	if (c == NULL || cipher == NULL ||
	    EVP_CipherInit_ex2(c, cipher, octets(with->key), octets(with->iv), encrypt,
			       NULL) != 1 ||
	    (with->aad.n > 0 &&
	     EVP_CipherUpdate(c, NULL, &n, octets(with->aad), (int)with->aad.n) != 1)) {
		EVP_CIPHER_CTX_free(c);
		c = NULL;
	}
	EVP_CIPHER_free(cipher);
	return c;
}

enum err
jwe_gcm_encrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		struct str plaintext, struct buf *out, unsigned char tag[JWE_TAG_MAX])
{
	EVP_CIPHER_CTX *c;
	unsigned char none[16];
	enum err e = ERR_CRYPTO;
	int n = 0;

	if (!buf_reserve(out, plaintext.n))
		return ERR_MEMORY;
	if ((c = start(content, with, 1)) == NULL)
		return ERR_CRYPTO;
	if (plaintext.n > 0 && EVP_CipherUpdate(c, (unsigned char *)out->p + out->n, &n,
						octets(plaintext), (int)plaintext.n) != 1)
		goto out;
	if ((size_t)n != plaintext.n || EVP_CipherFinal_ex(c, none, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, (int)content->tag_size, tag) !=
		    1)
		goto out;
	out->n += plaintext.n;
	out->p[out->n] = '\0';
	e = ERR_OK;
out:
	EVP_CIPHER_CTX_free(c);
	return e;
}

enum err
jwe_gcm_decrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		struct str ciphertext, struct buf *out, bool *authentic)
{
	EVP_CIPHER_CTX *c;
	unsigned char none[16];
	unsigned char tag[JWE_TAG_MAX];
	enum err e = ERR_CRYPTO;
	int n = 0;

	if (!buf_reserve(out, ciphertext.n))
		return ERR_MEMORY;
	if ((c = start(content, with, 0)) == NULL)
		return ERR_CRYPTO;
	if (ciphertext.n > 0 &&
	    EVP_CipherUpdate(c, (unsigned char *)out->p + out->n, &n, octets(ciphertext),
			     (int)ciphertext.n) != 1)
		goto out;
	memcpy(tag, with->tag.p, content->tag_size);
	if ((size_t)n != ciphertext.n ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, (int)content->tag_size, tag) !=
		    1)
		goto out;
	e = ERR_OK;
	if (EVP_CipherFinal_ex(c, none, &n) != 1)
		goto out;
	out->n += ciphertext.n;
	*authentic = true;
out:
	if (*authentic)
		out->p[out->n] = '\0';
	else
		explicit_bzero(out->p + out->n, ciphertext.n + 1);
	EVP_CIPHER_CTX_free(c);
	return e;
}
