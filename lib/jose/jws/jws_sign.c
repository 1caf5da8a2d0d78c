#include "jose/jws/jws_sign.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/base64url.h"
#include "crypto/secret.h"
#include "jose/jws/jws_parts.h"
#include "json/json.h"

#define SIGNATURE_MAX 1024 /* octets: RSA of 8192 bits */

static bool
is_ready(struct jwk *key)
{
	if (key->signer != NULL)
		return true;
	key->signer = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	if (key->signer != NULL && EVP_PKEY_sign_init(key->signer) == 1 &&
	    jws_set_padding(key->alg, key->signer) == ERR_OK)
		return true;
	EVP_PKEY_CTX_free(key->signer);
	key->signer = NULL;
	return false;
}

static enum err
sign_digest(struct jwk *key, struct str input, unsigned char *out, size_t *n)
{
	unsigned char digest[JWS_DIGEST_MAX];
	size_t digest_n;
	enum err e;

	if (!is_ready(key))
		return ERR_CRYPTO;
	if ((e = jws_digest(key->alg, input, digest, &digest_n)) != ERR_OK)
		return e;
	*n = SIGNATURE_MAX;
	return EVP_PKEY_sign(key->signer, out, n, digest, digest_n) == 1 ? ERR_OK
									 : ERR_CRYPTO;
}

/* RFC 7518, 3.4: convert OpenSSL's DER to r and s one after the other. */
static enum err
sign_ecdsa(struct jwk *key, struct str input, unsigned char *out, size_t *n)
{
	unsigned char der[SIGNATURE_MAX];
	const unsigned char *p = der;
	int half = (int)curve_size(key->curve);
	ECDSA_SIG *sig;
	size_t der_n;
	enum err e = sign_digest(key, input, der, &der_n);

	if (e != ERR_OK)
		return e;
	sig = d2i_ECDSA_SIG(NULL, &p, (long)der_n);
	if (sig == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, half) != half ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, half) != half)
		e = ERR_CRYPTO;
	*n = 2 * (size_t)half;
	ECDSA_SIG_free(sig);
	return e;
}

static enum err
sign_eddsa(struct jwk *key, struct str input, unsigned char *out, size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum err e = ERR_CRYPTO;

	*n = SIGNATURE_MAX;
	if (ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
	    EVP_DigestSign(ctx, out, n, (const unsigned char *)input.p, input.n) == 1)
		e = ERR_OK;
	EVP_MD_CTX_free(ctx);
	return e;
}

static enum err
sign(struct jwk *key, struct str input, unsigned char *out, size_t *n)
{
	switch (key->alg->family) {
	case ALG_HMAC:
		return jws_mac(key, input, out, n);
	case ALG_RSA_PKCS1:
	case ALG_RSA_PSS:
		return sign_digest(key, input, out, n);
	case ALG_ECDSA:
		return sign_ecdsa(key, input, out, n);
	case ALG_EDDSA:
		return sign_eddsa(key, input, out, n);
	default:
		return ERR_PERMISSION;
	}
}

static void
add_header(const struct jwk *key, const char *typ, struct buf *out)
{
	struct buf json;

	buf_init(&json, 8 * JWK_KID_MAX);
	json_put_open(&json, '{');
	json_put_member(&json, "alg", str_of(key->alg->name));
	json_put_member(&json, "kid", jwk_kid(key));
	if (typ != NULL)
		json_put_member(&json, "typ", str_of(typ));
	json_put_close(&json, '}');
	out->failed = out->failed || json.failed;
	base64url_encode(out, buf_str(&json));
	buf_done(&json);
}

enum err
jws_sign(struct jwk *key, const char *typ, struct str payload, struct buf *out)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t from = out->n, n = 0;
	enum err e;

	if ((key->ops & JWK_OP_SIGN) == 0)
		return ERR_PERMISSION;
	add_header(key, typ, out);
	buf_addc(out, '.');
	base64url_encode(out, payload);
	e = out->failed ? ERR_LIMIT
			: sign(key, str_sub(buf_str(out), from, out->n - from), signature,
			       &n);
	ERR_clear_error();
	if (e == ERR_OK) {
		buf_addc(out, '.');
		base64url_encode(out, (struct str){ (char *)signature, n });
		e = out->failed ? ERR_LIMIT : ERR_OK;
	}
	if (e != ERR_OK && out->p != NULL)
		out->p[out->n = from] = '\0';
	secret_wipe(signature, sizeof(signature));
	return e;
}
