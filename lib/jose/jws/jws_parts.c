#include "jose/jws/jws_parts.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

static int
index_of(const struct alg *alg)
{
	return strcmp(alg->digest, "SHA256") == 0   ? MAC_SHA256
	       : strcmp(alg->digest, "SHA384") == 0 ? MAC_SHA384
						    : MAC_SHA512;
}

const EVP_MD *
jws_md(const struct alg *alg)
{
	static EVP_MD *fetched[MAC_SHA512 + 1];
	EVP_MD **md = &fetched[index_of(alg)];

	if (*md == NULL)
		*md = EVP_MD_fetch(NULL, alg->digest, NULL);
	return *md;
}

enum err
jws_digest(const struct alg *alg, struct str input, unsigned char out[JWS_DIGEST_MAX],
	   size_t *n)
{
	const EVP_MD *md = jws_md(alg);
	unsigned length = 0;

	if (md == NULL || EVP_Digest(input.p, input.n, out, &length, md, NULL) != 1) {
		ERR_clear_error();
		return ERR_CRYPTO;
	}
	*n = length;
	return ERR_OK;
}

enum err
jws_mac(struct jwk *key, struct str input, unsigned char out[MAC_MAX], size_t *n)
{
	enum err e;

	if (key->mac == NULL &&
	    (e = mac_open(&key->mac, (enum mac_hash)index_of(key->alg),
			  buf_str(&key->secret))) != ERR_OK)
		return e;
	return mac_compute(key->mac, input, out, n);
}

enum err
jws_set_padding(const struct alg *alg, EVP_PKEY_CTX *ctx)
{
	const EVP_MD *md = jws_md(alg);
	bool good = md != NULL && EVP_PKEY_CTX_set_signature_md(ctx, md) > 0;

	if (good && alg->family == ALG_RSA_PKCS1)
		good = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	if (good && alg->family == ALG_RSA_PSS)
		good = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) > 0 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	return good ? ERR_OK : ERR_CRYPTO;
}
