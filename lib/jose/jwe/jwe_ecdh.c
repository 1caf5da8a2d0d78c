#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "jose/jwe/jwe_wrap.h"

static bool
is_all_zero(const unsigned char *p, size_t n)
{
	unsigned char any = 0;

	for (size_t i = 0; i < n; i++)
		any |= p[i];
	return any == 0;
}

enum err
jwe_ecdh_agree(EVP_PKEY *ours, EVP_PKEY *theirs, unsigned char secret[JWE_SECRET_MAX],
	       size_t *n)
{
	EVP_PKEY_CTX *c;
	enum err e = ERR_CRYPTO;

	if (EVP_PKEY_parameters_eq(ours, theirs) != 1 ||
	    EVP_PKEY_get_base_id(ours) != EVP_PKEY_get_base_id(theirs)) {
		ERR_clear_error();
		return ERR_SYNTAX;
	}
	*n = JWE_SECRET_MAX;
	c = EVP_PKEY_CTX_new_from_pkey(NULL, ours, NULL);
	if (c == NULL || EVP_PKEY_derive_init(c) != 1)
		goto out;
	e = ERR_SYNTAX;
	if (EVP_PKEY_derive_set_peer_ex(c, theirs, 1) != 1 ||
	    EVP_PKEY_derive(c, secret, n) != 1 || is_all_zero(secret, *n))
		goto out;
	e = ERR_OK;
out:
	if (e != ERR_OK)
		OPENSSL_cleanse(secret, JWE_SECRET_MAX);
	EVP_PKEY_CTX_free(c);
	ERR_clear_error();
	return e;
}
