#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/secret.h"
#include "crypto/start.h"
#include "jose/jws/jws_check.h"
#include "jose/jws/jws_parts.h"

#define DER_MAX 160 /* of two numbers of 66 octets each: 141 */

static enum jwt_refusal
check_hmac(struct jwk *key, struct str input, struct str signature)
{
	unsigned char own[MAC_MAX];
	size_t n;
	bool equal;

	if (jws_mac(key, input, own, &n) != ERR_OK)
		return JWT_FAILED;
	equal = secret_equal((struct str){ (char *)own, n }, signature);
	secret_wipe(own, sizeof(own));
	return equal ? JWT_ACCEPTED : JWT_SIGNATURE;
}

/* OpenSSL's result of a verification: 1, 0, or less if it could not be done. */
static enum jwt_refusal
judge(int answer)
{
	if (answer == 1)
		return JWT_ACCEPTED;
	return answer < 0 ? JWT_FAILED : JWT_SIGNATURE;
}

static bool
is_ready(struct jwk *key)
{
	if (key->verifier != NULL)
		return true;
	key->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	if (key->verifier != NULL && EVP_PKEY_verify_init(key->verifier) == 1 &&
	    jws_set_padding(key->alg, key->verifier) == ERR_OK)
		return true;
	EVP_PKEY_CTX_free(key->verifier);
	key->verifier = NULL;
	return false;
}

static enum jwt_refusal
check_digest(struct jwk *key, struct str input, const unsigned char *signature, size_t n)
{
	unsigned char digest[JWS_DIGEST_MAX];
	size_t digest_n;

	if (!is_ready(key) || jws_digest(key->alg, input, digest, &digest_n) != ERR_OK)
		return JWT_FAILED;
	return judge(EVP_PKEY_verify(key->verifier, signature, n, digest, digest_n));
}

/* RFC 8017, 8.1.2 and 8.2.2: as long as the modulus, with leading zeros. */
static enum jwt_refusal
check_rsa(struct jwk *key, struct str input, struct str signature)
{
	if (signature.n != (size_t)EVP_PKEY_get_size(key->pkey))
		return JWT_SIGNATURE;
	return check_digest(key, input, (const unsigned char *)signature.p, signature.n);
}

/*
 * RFC 7518, 3.4: r and s one after the other, each as long as the curve's order.
 * Neither is zero.
 */
static enum jwt_refusal
der_of(struct str signature, unsigned char *der, size_t *n)
{
	int half = (int)(signature.n / 2), length = 0;
	enum jwt_refusal result = JWT_FAILED;
	const unsigned char *p = (const unsigned char *)signature.p;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(p, half, NULL), *s = BN_bin2bn(p + half, half, NULL);

	if (sig == NULL || r == NULL || s == NULL || BN_is_zero(r) || BN_is_zero(s)) {
		if (sig != NULL && r != NULL && s != NULL)
			result = JWT_SIGNATURE;
		BN_free(r);
		BN_free(s);
	} else if (ECDSA_SIG_set0(sig, r, s) == 1 && /* the signature owns them now */
		   i2d_ECDSA_SIG(sig, NULL) <= DER_MAX) {
		length = i2d_ECDSA_SIG(sig, &der);
	}
	ECDSA_SIG_free(sig);
	*n = length > 0 ? (size_t)length : 0;
	return length > 0 ? JWT_ACCEPTED : result;
}

static enum jwt_refusal
check_ecdsa(struct jwk *key, struct str input, struct str signature)
{
	unsigned char der[DER_MAX];
	enum jwt_refusal r;
	size_t n;

	if (signature.n != 2 * curve_size(key->curve))
		return JWT_SIGNATURE;
	r = der_of(signature, der, &n);
	return r == JWT_ACCEPTED ? check_digest(key, input, der, n) : r;
}

/* RFC 8037, 3.1. OpenSSL 3.0 can verify these only in a single call. */
static enum jwt_refusal
check_eddsa(struct jwk *key, struct str input, struct str signature)
{
	EVP_MD_CTX *ctx;
	enum jwt_refusal r = JWT_FAILED;

	if (signature.n != 64)
		return JWT_SIGNATURE;
	ctx = EVP_MD_CTX_new();
	if (ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1)
		r = judge(EVP_DigestVerify(ctx, (const unsigned char *)signature.p,
					   signature.n, (const unsigned char *)input.p,
					   input.n));
	EVP_MD_CTX_free(ctx);
	return r;
}

static enum jwt_refusal
check(struct jwk *key, struct str input, struct str signature)
{
	switch (key->alg->family) {
	case ALG_HMAC:
		return check_hmac(key, input, signature);
	case ALG_RSA_PKCS1:
	case ALG_RSA_PSS:
		return check_rsa(key, input, signature);
	case ALG_ECDSA:
		return check_ecdsa(key, input, signature);
	case ALG_EDDSA:
		return check_eddsa(key, input, signature);
	default:
		return JWT_ALGORITHM;
	}
}

enum jwt_refusal
jws_check(struct jwk *key, struct str input, struct str signature)
{
	enum jwt_refusal r;

	if ((key->ops & JWK_OP_VERIFY) == 0)
		return JWT_ALGORITHM;
	r = check(key, input, signature);
	if (r == JWT_SIGNATURE && crypto_lacked_memory())
		r = JWT_FAILED; /* it returns 0 in that case, too */
	if (r != JWT_ACCEPTED)
		ERR_clear_error();
	return r;
}
