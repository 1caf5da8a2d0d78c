#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/base64url.h"
#include "crypto/secret.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192 /* verifying with a larger one would cost too much */
#define E_BITS_MAX 64     /* OpenSSL's own limit for larger moduli */
#define OCTETS_MAX (RSA_BITS_MAX / 8)

/* In the order of RFC 7518, 6.3, which is also OpenSSL's. */
enum { N, E, D, FACTOR_P, FACTOR_Q, DP, DQ, QI, NUMBERS };

static const struct {
	const char *member, *param;
} numbers[NUMBERS] = {
	[N] = { "n", OSSL_PKEY_PARAM_RSA_N },
	[E] = { "e", OSSL_PKEY_PARAM_RSA_E },
	[D] = { "d", OSSL_PKEY_PARAM_RSA_D },
	[FACTOR_P] = { "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
	[FACTOR_Q] = { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
	[DP] = { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
	[DQ] = { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
	[QI] = { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};

/*
 * Base64urlUInt (RFC 7518, 2): as few octets as possible. None of our numbers is zero.
 */
static enum err
take_number(const struct json_t *object, const char *name, BIGNUM **number,
	    struct why *why)
{
	unsigned char octets[OCTETS_MAX];
	struct str text;
	size_t n = 0;
	enum err e = ERR_OK;

	if (json_get_str(object, name, &text) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "%s missing or not a string", name);
	if (text.n > BASE64URL_LENGTH(OCTETS_MAX))
		return why_set(why, ERR_SYNTAX, "%s is longer than %d bits", name,
			       RSA_BITS_MAX);
	if (!base64url_decode_to(octets, sizeof(octets), &n, text) || n == 0)
		return why_set(why, ERR_SYNTAX, "%s is not a number in base64url", name);
	if (octets[0] == 0)
		e = why_set(why, ERR_SYNTAX, "%s starts with a zero octet", name);
	else if ((*number = BN_secure_new()) == NULL ||
		 BN_bin2bn(octets, (int)n, *number) == NULL)
		e = why_set(why, ERR_MEMORY, "no memory for a key");
	secret_wipe(octets, sizeof(octets));
	return e;
}

static enum err
check_public(BIGNUM *const b[NUMBERS], struct why *why)
{
	int bits = BN_num_bits(b[N]);

	if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
		return why_set(why, ERR_SYNTAX,
			       "an RSA key of %d bits (allowed: %d to %d)", bits,
			       RSA_BITS_MIN, RSA_BITS_MAX);
	if (!BN_is_odd(b[N]))
		return why_set(why, ERR_SYNTAX, "n is even");
	if (!BN_is_odd(b[E]) || BN_is_one(b[E]) || BN_num_bits(b[E]) > E_BITS_MAX)
		return why_set(why, ERR_SYNTAX, "e is even, less than 3 or too large");
	return ERR_OK;
}

/* a = b modulo m - 1, for a = d or d * e */
static bool
is_congruent(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_CTX *ctx)
{
	BIGNUM *order = BN_CTX_get(ctx), *left = BN_CTX_get(ctx);

	return left != NULL && BN_copy(order, m) != NULL && BN_sub_word(order, 1) &&
	       !BN_is_zero(order) && BN_nnmod(left, a, order, ctx) &&
	       BN_cmp(left, b) == 0;
}

/* Every number must agree with the others. */
static bool
crt_matches(BIGNUM *const b[NUMBERS], BN_CTX *ctx)
{
	BIGNUM *t = BN_CTX_get(ctx), *one = BN_CTX_get(ctx);

	if (one == NULL || !BN_one(one))
		return false;
	if (!BN_mul(t, b[FACTOR_P], b[FACTOR_Q], ctx) || BN_cmp(t, b[N]) != 0)
		return false;
	if (!BN_mod_mul(t, b[QI], b[FACTOR_Q], b[FACTOR_P], ctx) || !BN_is_one(t) ||
	    BN_cmp(b[QI], b[FACTOR_P]) >= 0)
		return false;
	return BN_mul(t, b[D], b[E], ctx) && is_congruent(t, one, b[FACTOR_P], ctx) &&
	       is_congruent(t, one, b[FACTOR_Q], ctx) &&
	       is_congruent(b[D], b[DP], b[FACTOR_P], ctx) &&
	       is_congruent(b[D], b[DQ], b[FACTOR_Q], ctx);
}

/* Without the factors, only one thing can be checked: e undoes what d does. */
static bool
exponents_match(BIGNUM *const b[NUMBERS], BN_CTX *ctx)
{
	BIGNUM *t = BN_CTX_get(ctx), *two = BN_CTX_get(ctx);

	if (two == NULL || !BN_set_word(two, 2))
		return false;
	BN_set_flags(b[D], BN_FLG_CONSTTIME);
	return BN_cmp(b[D], b[N]) < 0 && BN_mod_exp(t, two, b[D], b[N], ctx) &&
	       BN_mod_exp(t, t, b[E], b[N], ctx) && BN_cmp(t, two) == 0;
}

static enum err
check_private(BIGNUM *const b[NUMBERS], struct why *why)
{
	BN_CTX *ctx = BN_CTX_secure_new();
	bool good = false;

	if (ctx == NULL)
		return why_set(why, ERR_MEMORY, "no memory to check a key");
	BN_CTX_start(ctx);
	good = b[QI] != NULL ? crt_matches(b, ctx) : exponents_match(b, ctx);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	ERR_clear_error();
	if (!good)
		return why_set(why, ERR_SYNTAX,
			       "the private numbers do not match n and e");
	return ERR_OK;
}

/* The key has 2, 3 or 8 numbers. Any other count is malformed. */
static enum err
count_numbers(const struct json_t *object, int *count, struct why *why)
{
	int given = 0;

	for (int i = FACTOR_P; i < NUMBERS; i++)
		given += json_has(object, numbers[i].member);
	if (json_has(object, "oth"))
		return why_set(why, ERR_UNSUPPORTED, "more than two primes");
	if ((given != 0 && given != NUMBERS - FACTOR_P) ||
	    (given != 0 && !json_has(object, "d")))
		return why_set(why, ERR_SYNTAX,
			       "some of d, p, q, dp, dq, qi are missing");
	*count = given != 0 ? NUMBERS : json_has(object, "d") ? D + 1 : E + 1;
	return ERR_OK;
}

static OSSL_PARAM *
rsa_params(BIGNUM *const b[NUMBERS], int count)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	bool good = builder != NULL;

	for (int i = 0; good && i < count; i++)
		good = OSSL_PARAM_BLD_push_BN(builder, numbers[i].param, b[i]) == 1;
	if (good)
		params = OSSL_PARAM_BLD_to_param(builder);
	OSSL_PARAM_BLD_free(builder);
	return params;
}

enum err
jwk_take_rsa(const struct json_t *object, struct jwk *key, struct why *why)
{
	BIGNUM *b[NUMBERS] = { NULL };
	OSSL_PARAM *params = NULL;
	int count = 0;
	enum err e = count_numbers(object, &count, why);

	for (int i = 0; e == ERR_OK && i < count; i++)
		e = take_number(object, numbers[i].member, &b[i], why);
	if (e != ERR_OK || (e = check_public(b, why)) != ERR_OK)
		goto out;
	key->is_private = count > E + 1;
	if (key->is_private && (e = check_private(b, why)) != ERR_OK)
		goto out;
	params = rsa_params(b, count);
	e = jwk_assemble("RSA", key->is_private, params, key, why);
out:
	OSSL_PARAM_free(params);
	for (int i = 0; i < NUMBERS; i++)
		BN_clear_free(b[i]);
	return e;
}
