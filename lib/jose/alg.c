#include "jose/alg.h"

/* clang-format off */
static const struct alg algs[] = {
	{ "HS256", ALG_SIGN, ALG_HMAC, KEY_OCT, CURVE_NONE, "SHA256", 32 },
	{ "HS384", ALG_SIGN, ALG_HMAC, KEY_OCT, CURVE_NONE, "SHA384", 48 },
	{ "HS512", ALG_SIGN, ALG_HMAC, KEY_OCT, CURVE_NONE, "SHA512", 64 },
	{ "RS256", ALG_SIGN, ALG_RSA_PKCS1, KEY_RSA, CURVE_NONE, "SHA256", 0 },
	{ "RS384", ALG_SIGN, ALG_RSA_PKCS1, KEY_RSA, CURVE_NONE, "SHA384", 0 },
	{ "RS512", ALG_SIGN, ALG_RSA_PKCS1, KEY_RSA, CURVE_NONE, "SHA512", 0 },
	{ "PS256", ALG_SIGN, ALG_RSA_PSS, KEY_RSA, CURVE_NONE, "SHA256", 0 },
	{ "PS384", ALG_SIGN, ALG_RSA_PSS, KEY_RSA, CURVE_NONE, "SHA384", 0 },
	{ "PS512", ALG_SIGN, ALG_RSA_PSS, KEY_RSA, CURVE_NONE, "SHA512", 0 },
	{ "ES256", ALG_SIGN, ALG_ECDSA, KEY_EC, CURVE_P256, "SHA256", 0 },
	{ "ES384", ALG_SIGN, ALG_ECDSA, KEY_EC, CURVE_P384, "SHA384", 0 },
	{ "ES512", ALG_SIGN, ALG_ECDSA, KEY_EC, CURVE_P521, "SHA512", 0 },
	{ "EdDSA", ALG_SIGN, ALG_EDDSA, KEY_OKP, CURVE_ED25519, NULL, 0 },
	{ "Ed25519", ALG_SIGN, ALG_EDDSA, KEY_OKP, CURVE_ED25519, NULL, 0 },

	{ "dir", ALG_ENCRYPT, ALG_DIRECT, KEY_OCT, CURVE_NONE, NULL, 0 },
	{ "A128KW", ALG_ENCRYPT, ALG_AES_KW, KEY_OCT, CURVE_NONE, NULL, 16 },
	{ "A192KW", ALG_ENCRYPT, ALG_AES_KW, KEY_OCT, CURVE_NONE, NULL, 24 },
	{ "A256KW", ALG_ENCRYPT, ALG_AES_KW, KEY_OCT, CURVE_NONE, NULL, 32 },
	{ "A128GCMKW", ALG_ENCRYPT, ALG_AES_GCM_KW, KEY_OCT, CURVE_NONE, NULL, 16 },
	{ "A256GCMKW", ALG_ENCRYPT, ALG_AES_GCM_KW, KEY_OCT, CURVE_NONE, NULL, 32 },
	{ "RSA-OAEP", ALG_ENCRYPT, ALG_RSA_OAEP, KEY_RSA, CURVE_NONE, "SHA1", 0 },
	{ "RSA-OAEP-256", ALG_ENCRYPT, ALG_RSA_OAEP, KEY_RSA, CURVE_NONE, "SHA256", 0 },
	{ "ECDH-ES", ALG_ENCRYPT, ALG_ECDH_ES, KEY_EC, CURVE_NONE, NULL, 0 },
	{ "ECDH-ES+A128KW", ALG_ENCRYPT, ALG_ECDH_ES, KEY_EC, CURVE_NONE, NULL, 16 },
	{ "ECDH-ES+A256KW", ALG_ENCRYPT, ALG_ECDH_ES, KEY_EC, CURVE_NONE, NULL, 32 },

	{ "A128GCM", ALG_ENCRYPT, ALG_AES_GCM, KEY_OCT, CURVE_NONE, NULL, 16 },
	{ "A192GCM", ALG_ENCRYPT, ALG_AES_GCM, KEY_OCT, CURVE_NONE, NULL, 24 },
	{ "A256GCM", ALG_ENCRYPT, ALG_AES_GCM, KEY_OCT, CURVE_NONE, NULL, 32 },
	{ "A128CBC-HS256", ALG_ENCRYPT, ALG_AES_CBC_HMAC, KEY_OCT, CURVE_NONE, "SHA256", 32 },
	{ "A192CBC-HS384", ALG_ENCRYPT, ALG_AES_CBC_HMAC, KEY_OCT, CURVE_NONE, "SHA384", 48 },
	{ "A256CBC-HS512", ALG_ENCRYPT, ALG_AES_CBC_HMAC, KEY_OCT, CURVE_NONE, "SHA512", 64 },
};

static const struct {
	const char *name, *group;
	size_t size;
	enum key_type type;
	const char *alg; /* of signatures */
} curves[] = {
	[CURVE_P256] = { "P-256", "P-256", 32, KEY_EC, "ES256" },
	[CURVE_P384] = { "P-384", "P-384", 48, KEY_EC, "ES384" },
	[CURVE_P521] = { "P-521", "P-521", 66, KEY_EC, "ES512" },
	[CURVE_ED25519] = { "Ed25519", "ED25519", 32, KEY_OKP, "EdDSA" },
	[CURVE_X25519] = { "X25519", "X25519", 32, KEY_OKP, NULL },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const struct alg *
alg_find(struct str name)
{
	for (size_t i = 0; i < COUNT(algs); i++)
		if (str_is(name, algs[i].name))
			return &algs[i];
	return NULL;
}

const struct alg *
alg_at(size_t i)
{
	return i < COUNT(algs) ? &algs[i] : NULL;
}

const struct alg *
alg_of_curve(enum curve curve)
{
	return curves[curve].alg == NULL ? NULL : alg_find(str_of(curves[curve].alg));
}

enum curve
curve_find(struct str name)
{
	for (size_t i = CURVE_P256; i < COUNT(curves); i++)
		if (str_is(name, curves[i].name))
			return (enum curve)i;
	return CURVE_NONE;
}

const char *
curve_name(enum curve curve)
{
	return curves[curve].name;
}

const char *
curve_group(enum curve curve)
{
	return curves[curve].group;
}

size_t
curve_size(enum curve curve)
{
	return curves[curve].size;
}

enum key_type
curve_key_type(enum curve curve)
{
	return curves[curve].type;
}
