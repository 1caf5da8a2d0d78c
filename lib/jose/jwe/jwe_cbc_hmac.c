/* AES-CBC with PKCS #7 padding, followed by an HMAC over all of it (RFC 7518, 5.2). */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "jose/jwe/jwe_content.h"

#define BLOCK 16

static const unsigned char *
octets(struct str s)
{
	return (const unsigned char *)s.p;
}

/*
 * HMAC(A || IV || E || AL) under the first half of the key (RFC 7518, 5.2.2.1, steps 4
 * and 5). The tag is the first half of the result.
 */
static enum err
authenticate(const struct jwe_content *content, const struct jwe_sealed *with,
	     struct str ciphertext, unsigned char mac[EVP_MAX_MD_SIZE])
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
	char digest[16];
	OSSL_PARAM params[2];
	uint64_t bits = (uint64_t)with->aad.n * 8;
	unsigned char al[8];
	size_t n = 0;
	bool ok;

	for (unsigned i = 0; i < 8; i++)
		al[i] = (unsigned char)(bits >> (56 - 8 * i));
	memcpy(digest, content->digest, strlen(content->digest) + 1);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
	params[1] = OSSL_PARAM_construct_end();
	ok = c != NULL &&
	     EVP_MAC_init(c, octets(with->key), content->key_size / 2, params) == 1 &&
	     EVP_MAC_update(c, octets(with->aad), with->aad.n) == 1 &&
	     EVP_MAC_update(c, octets(with->iv), with->iv.n) == 1 &&
	     EVP_MAC_update(c, octets(ciphertext), ciphertext.n) == 1 &&
	     EVP_MAC_update(c, al, sizeof(al)) == 1 &&
	     EVP_MAC_final(c, mac, &n, EVP_MAX_MD_SIZE) == 1 &&
	     n == 2 * content->tag_size;
	EVP_MAC_CTX_free(c);
	EVP_MAC_free(hmac);
	return ok ? ERR_OK : ERR_CRYPTO;
}

/* CBC under the second half of the key. Needs room for one block more than `in`. */
static bool
cbc(const struct jwe_content *content, const struct jwe_sealed *with, int encrypt,
    struct str in, unsigned char *to, size_t *written)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, content->cipher, NULL);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n = 0;
	int last = 0;
	bool ok;

	ok = c != NULL && cipher != NULL &&
	     EVP_CipherInit_ex2(c, cipher, octets(with->key) + content->key_size / 2,
				octets(with->iv), encrypt, NULL) == 1 &&
	     (in.n == 0 || EVP_CipherUpdate(c, to, &n, octets(in), (int)in.n) == 1) &&
	     EVP_CipherFinal_ex(c, to + n, &last) == 1;
	*written = ok ? (size_t)n + (size_t)last : 0;
	EVP_CIPHER_CTX_free(c);
	EVP_CIPHER_free(cipher);
	return ok;
}

enum err
jwe_cbc_hmac_encrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		     struct str plaintext, struct buf *out,
		     unsigned char tag[JWE_TAG_MAX])
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t n;
	enum err e;

	if (!buf_reserve(out, plaintext.n + 2 * BLOCK))
		return ERR_MEMORY;
	if (!cbc(content, with, 1, plaintext, (unsigned char *)out->p + out->n, &n))
		return ERR_CRYPTO;
	e = authenticate(content, with, (struct str){ out->p + out->n, n }, mac);
	if (e != ERR_OK)
		return e;
	memcpy(tag, mac, content->tag_size);
	out->n += n;
	out->p[out->n] = '\0';
	return ERR_OK;
}

/*
 * The tag is checked first, in constant time. So only a holder of the key can learn
 * that the padding is wrong although the tag is right.
 */
enum err
jwe_cbc_hmac_decrypt(const struct jwe_content *content, const struct jwe_sealed *with,
		     struct str ciphertext, struct buf *out, bool *authentic)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t n;
	enum err e;

	if (!buf_reserve(out, ciphertext.n + 2 * BLOCK))
		return ERR_MEMORY;
	if ((e = authenticate(content, with, ciphertext, mac)) != ERR_OK)
		return e;
	if (CRYPTO_memcmp(mac, with->tag.p, content->tag_size) == 0 &&
	    cbc(content, with, 0, ciphertext, (unsigned char *)out->p + out->n, &n)) {
		out->n += n;
		*authentic = true;
	}
	if (*authentic)
		out->p[out->n] = '\0';
	else
		explicit_bzero(out->p + out->n, ciphertext.n + 2 * BLOCK);
	OPENSSL_cleanse(mac, sizeof(mac));
	return ERR_OK;
}
