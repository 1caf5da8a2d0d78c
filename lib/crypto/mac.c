#include "crypto/mac.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>

struct mac {
	EVP_MAC_CTX *ctx;
};

static const char *const digests[] = { "SHA256", "SHA384", "SHA512" };

static EVP_MAC_CTX *
ready(enum mac_hash hash, struct str key)
{
	static EVP_MAC *hmac;
	EVP_MAC_CTX *ctx;
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
					OSSL_MAC_PARAM_DIGEST, (char *)digests[hash], 0),
				OSSL_PARAM_construct_end() };
	const char *octets = key.n == 0 ? "" : key.p; /* NULL would mean that no key is
						       * given */

	if (hmac == NULL)
		hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hmac == NULL || (ctx = EVP_MAC_CTX_new(hmac)) == NULL)
		return NULL;
	if (EVP_MAC_init(ctx, (const unsigned char *)octets, key.n, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

enum err
mac_open(struct mac **m, enum mac_hash hash, struct str key)
{
	if ((*m = calloc(1, sizeof(**m))) == NULL)
		return ERR_MEMORY;
	if (((*m)->ctx = ready(hash, key)) != NULL)
		return ERR_OK;
	ERR_clear_error();
	mac_close(*m);
	*m = NULL;
	return ERR_CRYPTO;
}

void
mac_close(struct mac *m)
{
	if (m == NULL)
		return;
	EVP_MAC_CTX_free(m->ctx);
	free(m);
}

enum err
mac_compute(struct mac *m, struct str bytes, unsigned char out[MAC_MAX], size_t *n)
{
	if (EVP_MAC_init(m->ctx, NULL, 0, NULL) == 1 &&
	    EVP_MAC_update(m->ctx, (const unsigned char *)bytes.p, bytes.n) == 1 &&
	    EVP_MAC_final(m->ctx, out, n, MAC_MAX) == 1)
		return ERR_OK;
	ERR_clear_error();
	return ERR_CRYPTO;
}

enum err
mac_sha256(struct str key, struct str bytes, unsigned char out[32])
{
	unsigned char whole[MAC_MAX];
	struct mac *m;
	size_t n;
	enum err e = mac_open(&m, MAC_SHA256, key);

	if (e != ERR_OK)
		return e;
	if ((e = mac_compute(m, bytes, whole, &n)) == ERR_OK)
		for (size_t i = 0; i < 32; i++)
			out[i] = whole[i];
	OPENSSL_cleanse(whole, sizeof(whole));
	mac_close(m);
	return e;
}
