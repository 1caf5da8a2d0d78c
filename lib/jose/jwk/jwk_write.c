#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/base64url.h"
#include "crypto/secret.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

#define OCTETS_MAX 1024

static void
put_octets(struct buf *out, const char *name, const void *octets, size_t n)
{
	struct buf text;

	buf_init(&text, BASE64URL_LENGTH(OCTETS_MAX));
	base64url_encode(&text, (struct str){ octets, n });
	json_put_member(out, name, buf_str(&text));
	out->failed = out->failed || text.failed;
	buf_done(&text);
}

/*
 * A number of an OpenSSL key, with `size` octets, or with as few as possible if that
 * is 0.
 */
static enum err
put_number(struct buf *out, const char *name, const EVP_PKEY *pkey, const char *param,
	   size_t size)
{
	unsigned char octets[OCTETS_MAX];
	BIGNUM *b = BN_secure_new();
	enum err e = ERR_CRYPTO;
	int n = (int)size;

	if (b != NULL && EVP_PKEY_get_bn_param(pkey, param, &b) == 1) {
		n = n == 0 ? BN_num_bytes(b) : n;
		if (n <= OCTETS_MAX && BN_bn2binpad(b, octets, n) == n) {
			put_octets(out, name, octets, (size_t)n);
			e = ERR_OK;
		}
	}
	secret_wipe(octets, sizeof(octets));
	BN_clear_free(b);
	return e;
}

static enum err
put_ec(const EVP_PKEY *pkey, enum curve curve, bool whole, struct buf *out)
{
	size_t n = curve_size(curve);
	enum err e;

	json_put_member(out, "crv", str_of(curve_name(curve)));
	if ((e = put_number(out, "x", pkey, OSSL_PKEY_PARAM_EC_PUB_X, n)) != ERR_OK ||
	    (e = put_number(out, "y", pkey, OSSL_PKEY_PARAM_EC_PUB_Y, n)) != ERR_OK)
		return e;
	return whole ? put_number(out, "d", pkey, OSSL_PKEY_PARAM_PRIV_KEY, n) : ERR_OK;
}

static enum err
put_okp(const EVP_PKEY *pkey, enum curve curve, bool whole, struct buf *out)
{
	unsigned char octets[32];
	size_t n = sizeof(octets);

	json_put_member(out, "crv", str_of(curve_name(curve)));
	if (EVP_PKEY_get_raw_public_key(pkey, octets, &n) != 1)
		return ERR_CRYPTO;
	put_octets(out, "x", octets, n);
	if (!whole)
		return ERR_OK;
	n = sizeof(octets);
	if (EVP_PKEY_get_raw_private_key(pkey, octets, &n) != 1)
		return ERR_CRYPTO;
	put_octets(out, "d", octets, n);
	secret_wipe(octets, sizeof(octets));
	return ERR_OK;
}

static bool
has_factors(const EVP_PKEY *pkey)
{
	BIGNUM *p = NULL;
	bool has = EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, &p) == 1;

	BN_clear_free(p);
	ERR_clear_error();
	return has;
}

static enum err
put_rsa(const EVP_PKEY *pkey, bool whole, struct buf *out)
{
	static const struct {
		const char *name, *param;
	} numbers[] = {
		{ "n", OSSL_PKEY_PARAM_RSA_N },
		{ "e", OSSL_PKEY_PARAM_RSA_E },
		{ "d", OSSL_PKEY_PARAM_RSA_D },
		{ "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
		{ "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
		{ "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
		{ "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
		{ "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
	};
	size_t count = !whole ? 2 : has_factors(pkey) ? 8 : 3;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = put_number(out, numbers[i].name, pkey, numbers[i].param, 0);
	return e;
}

enum err
jwk_put_material(struct evp_pkey_st *pkey, enum key_type type, enum curve curve,
		 bool whole, struct buf *out)
{
	enum err e = ERR_CRYPTO;

	if (type == KEY_RSA) {
		json_put_member(out, "kty", STR("RSA"));
		e = put_rsa(pkey, whole, out);
	} else if (type == KEY_EC) {
		json_put_member(out, "kty", STR("EC"));
		e = put_ec(pkey, curve, whole, out);
	} else if (type == KEY_OKP) {
		json_put_member(out, "kty", STR("OKP"));
		e = put_okp(pkey, curve, whole, out);
	}
	ERR_clear_error();
	return e;
}

static void
put_time(struct buf *out, const char *name, int64_t value)
{
	if (value != 0)
		json_put_member_int(out, name, value);
}

/* The key allows fewer operations than its use would. */
static void
put_key_ops(const struct jwk *key, struct buf *out)
{
	static const char *const names[] = { "sign", "verify", "encrypt", "decrypt" };
	unsigned all = key->alg->use == ALG_SIGN ? JWK_OP_SIGN | JWK_OP_VERIFY
						 : JWK_OP_ENCRYPT | JWK_OP_DECRYPT;

	if (key->ops == all || !key->is_private)
		return;
	json_put_name(out, "key_ops");
	json_put_open(out, '[');
	for (unsigned i = 0; i < 4; i++)
		if ((key->ops & 1U << i) != 0)
			json_put_str(out, str_of(names[i]));
	json_put_close(out, ']');
}

enum err
jwk_write(const struct jwk *key, enum jwk_part part, struct buf *out)
{
	bool whole = part == JWK_WHOLE && key->is_private;
	enum err e = ERR_OK;

	if (part == JWK_PUBLIC && key->type == KEY_OCT)
		return ERR_PERMISSION;
	json_put_open(out, '{');
	json_put_member(out, "kid", jwk_kid(key));
	json_put_member(out, "use", key->alg->use == ALG_SIGN ? STR("sig") : STR("enc"));
	json_put_member(out, "alg", str_of(key->alg->name));
	if (key->type == KEY_OCT) {
		json_put_member(out, "kty", STR("oct"));
		put_octets(out, "k", key->secret.p, key->secret.n);
	} else {
		e = jwk_put_material(key->pkey, key->type, key->curve, whole, out);
	}
	if (part == JWK_WHOLE) {
		put_key_ops(key, out);
		put_time(out, "nbf", key->nbf);
		put_time(out, "signed_until", key->signed_until);
	}
	put_time(out, "iat", key->iat);
	put_time(out, "exp", key->exp);
	json_put_close(out, '}');
	return e == ERR_OK && out->failed ? ERR_LIMIT : e;
}
