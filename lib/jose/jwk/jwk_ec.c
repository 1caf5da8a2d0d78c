#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "crypto/secret.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

#define COORDINATE_MAX 66

enum err
jwk_assemble(const char *type, bool is_private, OSSL_PARAM *params, struct jwk *key,
	     struct why *why)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
	enum err e = ERR_OK;

	if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
		e = why_set(why, ERR_CRYPTO, "OpenSSL takes no %s key", type);
	else if (EVP_PKEY_fromdata(ctx, &key->pkey, selection, params) != 1)
		e = why_set(why, ERR_SYNTAX, "not a valid %s key", type);
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	return e;
}

/* d is in its range, and its point is (x, y). */
static enum err
check_pair(EVP_PKEY *pkey, struct why *why)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	enum err e = ERR_OK;

	if (ctx == NULL)
		e = why_set(why, ERR_CRYPTO, "no memory to check the key");
	else if (EVP_PKEY_private_check(ctx) != 1 || EVP_PKEY_pairwise_check(ctx) != 1)
		e = why_set(why, ERR_SYNTAX, "d does not belong to x and y");
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	return e;
}

static OSSL_PARAM *
ec_params(enum curve curve, const unsigned char *point, size_t n, const BIGNUM *d)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;

	if (b != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME,
					    curve_group(curve), 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, n) == 1 &&
	    (d == NULL || OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1))
		params = OSSL_PARAM_BLD_to_param(b);
	OSSL_PARAM_BLD_free(b);
	return params;
}

/*
 * RFC 7518, 6.2: x, y and d have exactly as many octets as the curve's field. OpenSSL
 * checks that the point is on the curve.
 */
enum err
jwk_take_ec(const struct json_t *object, struct jwk *key, struct why *why)
{
	unsigned char point[1 + 2 * COORDINATE_MAX] = { POINT_CONVERSION_UNCOMPRESSED };
	unsigned char secret[COORDINATE_MAX] = { 0 };
	size_t n = curve_size(key->curve);
	OSSL_PARAM *params = NULL;
	BIGNUM *d = NULL;
	enum err e;

	key->is_private = json_has(object, "d");
	if ((e = jwk_take_octets(object, "x", point + 1, n, why)) != ERR_OK ||
	    (e = jwk_take_octets(object, "y", point + 1 + n, n, why)) != ERR_OK)
		return e;
	if (key->is_private &&
	    (e = jwk_take_octets(object, "d", secret, n, why)) != ERR_OK)
		goto out;
	/* OpenSSL wipes every copy that it makes of a secure number. */
	if (key->is_private &&
	    ((d = BN_secure_new()) == NULL || BN_bin2bn(secret, (int)n, d) == NULL)) {
		e = why_set(why, ERR_MEMORY, "no memory for a key");
		goto out;
	}
	params = ec_params(key->curve, point, 1 + 2 * n, d);
	e = jwk_assemble("EC", key->is_private, params, key, why);
	if (e == ERR_OK && key->is_private)
		e = check_pair(key->pkey, why);
out:
	OSSL_PARAM_free(params);
	BN_clear_free(d);
	secret_wipe(secret, sizeof(secret));
	return e;
}

static enum err
okp_private(const struct json_t *object, const unsigned char x[32], struct jwk *key,
	    struct why *why)
{
	unsigned char d[32], own[32];
	size_t n = sizeof(own);
	enum err e = jwk_take_octets(object, "d", d, sizeof(d), why);

	if (e == ERR_OK) {
		key->pkey = EVP_PKEY_new_raw_private_key_ex(NULL, curve_group(key->curve),
							    NULL, d, sizeof(d));
		if (key->pkey == NULL ||
		    EVP_PKEY_get_raw_public_key(key->pkey, own, &n) != 1)
			e = why_set(why, ERR_CRYPTO, "OpenSSL refuses the key");
		else if (n != 32 || memcmp(own, x, 32) != 0)
			e = why_set(why, ERR_SYNTAX, "d does not belong to x");
	}
	secret_wipe(d, sizeof(d));
	return e;
}

/* RFC 8037, 2: x always, and d if the key is private. */
enum err
jwk_take_okp(const struct json_t *object, struct jwk *key, struct why *why)
{
	unsigned char x[32];
	enum err e = jwk_take_octets(object, "x", x, sizeof(x), why);

	if (e != ERR_OK)
		return e;
	if (key->curve == CURVE_ED25519 && !jwk_is_ed25519_point(x))
		return why_set(why, ERR_SYNTAX, "x is no point of a large order");
	key->is_private = json_has(object, "d");
	if (key->is_private) {
		e = okp_private(object, x, key, why);
	} else {
		key->pkey = EVP_PKEY_new_raw_public_key_ex(NULL, curve_group(key->curve),
							   NULL, x, sizeof(x));
		if (key->pkey == NULL)
			e = why_set(why, ERR_CRYPTO, "OpenSSL refuses the key");
	}
	ERR_clear_error();
	return e;
}
