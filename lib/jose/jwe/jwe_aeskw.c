#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"

#define ADDED 8 /* the bytes that wrapping adds: the integrity check of RFC 3394, 2.2.3 */

static const char *
cipher_of(struct str kek)
{
	switch (kek.n) {
	case 16:
		return "AES-128-WRAP";
	case 24:
		return "AES-192-WRAP";
	case 32:
		return "AES-256-WRAP";
	}
	return NULL;
}

/* A context that wraps or unwraps under `kek`, or NULL. */
static EVP_CIPHER_CTX *
start(struct str kek, int encrypt)
{
	const char *name = cipher_of(kek);
	EVP_CIPHER *cipher = name == NULL ? NULL : EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();

	if (c != NULL && cipher != NULL) {
		EVP_CIPHER_CTX_set_flags(c, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
		if (EVP_CipherInit_ex2(c, cipher, (const unsigned char *)kek.p, NULL,
				       encrypt, NULL) == 1) {
			EVP_CIPHER_free(cipher);
			return c;
		}
	}
	EVP_CIPHER_CTX_free(c);
	EVP_CIPHER_free(cipher);
	return NULL;
}

enum err
jwe_aeskw_wrap(struct str kek, struct str cek, struct buf *out)
{
	EVP_CIPHER_CTX *c;
	int n = 0;
	bool ok;

	if (cek.n > JWE_KEY_MAX || cek.n < 16 || cek.n % 8 != 0)
		return ERR_CRYPTO;
	if (!buf_reserve(out, cek.n + 2 * ADDED))
		return ERR_MEMORY;
	if ((c = start(kek, 1)) == NULL)
		return ERR_CRYPTO;
	ok = EVP_CipherUpdate(c, (unsigned char *)out->p + out->n, &n,
			      (const unsigned char *)cek.p, (int)cek.n) == 1 &&
	     (size_t)n == cek.n + ADDED;
	EVP_CIPHER_CTX_free(c);
	if (!ok)
		return ERR_CRYPTO;
	out->n += (size_t)n;
	out->p[out->n] = '\0';
	return ERR_OK;
}

enum err
jwe_aeskw_unwrap(struct str kek, struct str wrapped, unsigned char *cek, size_t cek_size)
{
	unsigned char key[JWE_KEY_MAX + 2 * ADDED];
	EVP_CIPHER_CTX *c;
	int n = 0;

	if (cek_size > JWE_KEY_MAX || wrapped.n != cek_size + ADDED)
		return ERR_OK;
	if ((c = start(kek, 0)) == NULL)
		return ERR_CRYPTO;
	if (EVP_CipherUpdate(c, key, &n, (const unsigned char *)wrapped.p,
			     (int)wrapped.n) == 1 &&
	    (size_t)n == cek_size)
		memcpy(cek, key, cek_size);
	EVP_CIPHER_CTX_free(c);
	OPENSSL_cleanse(key, sizeof(key));
	ERR_clear_error();
	return ERR_OK;
}
