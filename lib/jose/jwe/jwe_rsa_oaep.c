#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"

/* Settings for both directions (RFC 8017, 7.1), with an empty label. */
static bool
set_padding(EVP_PKEY_CTX *c, const char *digest)
{
	return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_OAEP_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_oaep_md_name(c, digest, NULL) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(c, digest, NULL) == 1;
}

enum err
jwe_rsa_oaep_wrap(EVP_PKEY *key, const char *digest, struct str cek, struct buf *out)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	size_t n = (size_t)EVP_PKEY_get_size(key);
	enum err e = ERR_CRYPTO;

	if (c == NULL || EVP_PKEY_encrypt_init(c) != 1 || !set_padding(c, digest))
		goto out;
	if (!buf_reserve(out, n)) {
		e = ERR_MEMORY;
		goto out;
	}
	if (EVP_PKEY_encrypt(c, (unsigned char *)out->p + out->n, &n,
			     (const unsigned char *)cek.p, cek.n) != 1)
		goto out;
	out->n += n;
	out->p[out->n] = '\0';
	e = ERR_OK;
out:
	EVP_PKEY_CTX_free(c);
	ERR_clear_error();
	return e;
}

enum err
jwe_rsa_oaep_unwrap(EVP_PKEY *key, const char *digest, struct str wrapped,
		    unsigned char *cek, size_t cek_size)
{
	EVP_PKEY_CTX *c;
	struct buf out;
	size_t n = (size_t)EVP_PKEY_get_size(key);
	enum err e = ERR_CRYPTO;

	if (wrapped.n != n)
		return ERR_OK;
	buf_init(&out, n);
	c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (c == NULL || EVP_PKEY_decrypt_init(c) != 1 || !set_padding(c, digest))
		goto out;
	if (!buf_reserve(&out, n)) {
		e = ERR_MEMORY;
		goto out;
	}
	e = ERR_OK;
	if (EVP_PKEY_decrypt(c, (unsigned char *)out.p, &n,
			     (const unsigned char *)wrapped.p, wrapped.n) == 1 &&
	    n == cek_size)
		memcpy(cek, out.p, cek_size);
out:
	EVP_PKEY_CTX_free(c);
	buf_done(&out);
	ERR_clear_error();
	return e;
}
