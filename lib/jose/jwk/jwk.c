#include "jose/jwk/jwk.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/secret.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

#define OPS_SIGN (JWK_OP_SIGN | JWK_OP_VERIFY)
#define OPS_ENCRYPT (JWK_OP_ENCRYPT | JWK_OP_DECRYPT)
#define KEY_OPS_MAX 16

struct str
jwk_kid(const struct jwk *key)
{
	return (struct str){ key->kid, key->kid_n };
}

static enum err
take_type(const struct json_t *object, struct jwk *key, struct why *why)
{
	static const char *const names[] = {
		[KEY_OCT] = "oct", [KEY_RSA] = "RSA", [KEY_EC] = "EC", [KEY_OKP] = "OKP"
	};
	struct str kty, crv;

	if (json_get_str(object, "kty", &kty) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "kty missing or not a string");
	for (size_t i = KEY_OCT; i <= KEY_OKP; i++)
		if (str_is(kty, names[i]))
			key->type = (enum key_type)i;
	if (key->type == KEY_NONE)
		return why_set(why, ERR_UNSUPPORTED, "kty is not on offer");
	if (key->type != KEY_EC && key->type != KEY_OKP)
		return ERR_OK;
	if (json_get_str(object, "crv", &crv) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "crv missing or not a string");
	key->curve = curve_find(crv);
	if (key->curve == CURVE_NONE)
		return why_set(why, ERR_UNSUPPORTED, "crv is not on offer");
	if (curve_key_type(key->curve) != key->type)
		return why_set(why, ERR_SYNTAX, "crv does not belong to kty");
	return ERR_OK;
}

/* The operations that `use` allows. None for an unknown use. */
static enum err
take_use(const struct json_t *object, unsigned *ops, struct why *why)
{
	struct str use;

	switch (json_get_str(object, "use", &use)) {
	case JSON_ABSENT:
		*ops = OPS_SIGN | OPS_ENCRYPT;
		return ERR_OK;
	case JSON_FOUND:
		*ops = str_is(use, "sig")   ? OPS_SIGN
		       : str_is(use, "enc") ? OPS_ENCRYPT
					    : 0;
		return ERR_OK;
	case JSON_WRONG:
		break;
	}
	return why_set(why, ERR_SYNTAX, "use is not a string");
}

static unsigned
op_of(struct str name)
{
	static const struct {
		const char *name;
		unsigned ops;
	} table[] = {
		{ "sign", JWK_OP_SIGN },       { "verify", JWK_OP_VERIFY },
		{ "encrypt", JWK_OP_ENCRYPT }, { "wrapKey", JWK_OP_ENCRYPT },
		{ "decrypt", JWK_OP_DECRYPT }, { "unwrapKey", JWK_OP_DECRYPT },
		{ "deriveKey", OPS_ENCRYPT },  { "deriveBits", OPS_ENCRYPT },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (str_is(name, table[i].name))
			return table[i].ops;
	return 0;
}

/* RFC 7517, 4.3: no value twice, and no contradiction to `use`. */
static enum err
take_key_ops(const struct json_t *object, unsigned *ops, struct why *why)
{
	struct str names[KEY_OPS_MAX];
	unsigned listed = 0;
	size_t n;
	enum json_found f = json_get_strs(object, "key_ops", names, KEY_OPS_MAX, &n);

	if (f == JSON_ABSENT)
		return ERR_OK;
	if (f == JSON_WRONG)
		return why_set(why, ERR_SYNTAX, "key_ops is not an array of strings");
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++)
			if (str_eq(names[i], names[j]))
				return why_set(why, ERR_SYNTAX, "key_ops repeats itself");
		listed |= op_of(names[i]);
	}
	if (json_has(object, "use") && (listed & ~*ops) != 0)
		return why_set(why, ERR_SYNTAX, "use and key_ops contradict each other");
	*ops &= listed;
	return ERR_OK;
}

static const struct alg *
implied_alg(const struct jwk *key, enum jwk_default purpose)
{
	bool sign = (key->ops & OPS_SIGN) != 0, encrypt = (key->ops & OPS_ENCRYPT) != 0;

	if (key->type != KEY_EC && key->type != KEY_OKP)
		return NULL;
	if (key->curve == CURVE_X25519)
		encrypt = !(sign = false);
	if (key->curve == CURVE_ED25519)
		sign = !(encrypt = false);
	if (encrypt && (!sign || purpose == JWK_FOR_ENCRYPTION))
		return alg_find(STR("ECDH-ES"));
	return alg_of_curve(key->curve);
}

static bool
alg_fits(const struct alg *alg, const struct jwk *key)
{
	if (alg->family == ALG_ECDH_ES)
		return key->type == KEY_EC || key->curve == CURVE_X25519;
	return alg->type == key->type &&
	       (alg->curve == CURVE_NONE || alg->curve == key->curve);
}

/*
 * A key that does not say what it is for is for the use in the settings, if they name
 * one.
 */
static enum err
take_unnamed(const struct alg *alg, struct jwk *key, struct why *why)
{
	unsigned allowed = alg->use == ALG_SIGN ? OPS_SIGN : OPS_ENCRYPT;

	if (!alg_fits(alg, key) || (key->ops & allowed) == 0)
		return why_set(why, ERR_UNSUPPORTED,
			       "the key names no alg, and cannot be one for %s",
			       alg->name);
	key->alg = alg;
	key->ops &= allowed;
	return ERR_OK;
}

static enum err
take_alg(const struct json_t *object, enum jwk_default purpose, const struct alg *unnamed,
	 struct jwk *key, struct why *why)
{
	unsigned allowed;
	struct str name;
	enum json_found f = json_get_str(object, "alg", &name);

	if (f == JSON_WRONG)
		return why_set(why, ERR_SYNTAX, "alg is not a string");
	key->alg_said = f == JSON_FOUND;
	if (!key->alg_said && unnamed != NULL)
		return take_unnamed(unnamed, key, why);
	key->alg = key->alg_said ? alg_find(name) : implied_alg(key, purpose);
	if (key->alg == NULL && !key->alg_said)
		return why_set(why, ERR_UNSUPPORTED, "an %s key must name its alg",
			       key->type == KEY_RSA ? "RSA" : "oct");
	if (key->alg == NULL)
		return why_set(why, ERR_UNSUPPORTED, "alg is not on offer");
	if (!alg_fits(key->alg, key))
		return why_set(why, ERR_SYNTAX, "alg does not fit the key's type");
	allowed = key->alg->use == ALG_SIGN ? OPS_SIGN : OPS_ENCRYPT;
	if (key->ops != 0 && (key->ops & allowed) == 0)
		return why_set(why, ERR_SYNTAX, "alg contradicts use or key_ops");
	key->ops &= allowed;
	return ERR_OK;
}

static enum err
take_time(const struct json_t *object, const char *name, int64_t *seconds,
	  struct why *why)
{
	int64_t unused;
	enum json_found f = json_get_number(object, name, seconds, &unused);

	if (f == JSON_WRONG || (f == JSON_FOUND && *seconds < 1))
		return why_set(why, ERR_SYNTAX, "%s is not a time", name);
	return ERR_OK;
}

static enum err
take_kid(const struct json_t *object, struct jwk *key, struct why *why)
{
	struct str kid = { key->thumbprint, JWK_THUMBPRINT };
	enum json_found f = json_get_str(object, "kid", &kid);

	if (f == JSON_WRONG)
		return why_set(why, ERR_SYNTAX, "kid is not a string");
	if (kid.n > JWK_KID_MAX)
		return why_set(why, ERR_SYNTAX, "kid is longer than %d bytes",
			       JWK_KID_MAX);
	key->kid_said = f == JSON_FOUND;
	if (kid.n > 0)
		memcpy(key->kid, kid.p, kid.n);
	key->kid_n = kid.n;
	return ERR_OK;
}

/* RFC 7638, 3: the required members, in the order of their names. */
static enum err
take_thumbprint(const struct json_t *object, struct jwk *key)
{
	static const char *const members[][5] = {
		[KEY_OCT] = { "k", "kty", NULL },
		[KEY_RSA] = { "e", "kty", "n", NULL },
		[KEY_EC] = { "crv", "kty", "x", "y", NULL },
		[KEY_OKP] = { "crv", "kty", "x", NULL },
	};
	unsigned char hash[SHA256_SIZE];
	struct buf text, encoded;
	struct str value;
	enum err e = ERR_OK;

	buf_init(&text, JWK_MAX);
	buf_init(&encoded, JWK_THUMBPRINT);
	json_put_open(&text, '{');
	for (const char *const *m = members[key->type]; *m != NULL; m++)
		if (json_get_str(object, *m, &value) == JSON_FOUND)
			json_put_member(&text, *m, value);
	json_put_close(&text, '}');
	if (text.failed || (e = sha256(buf_str(&text), hash)) != ERR_OK)
		e = e == ERR_OK ? ERR_MEMORY : e;
	else if (!base64url_encode(&encoded, (struct str){ (char *)hash, sizeof(hash) }))
		e = ERR_MEMORY;
	else
		memcpy(key->thumbprint, buf_z(&encoded), sizeof(key->thumbprint));
	buf_done(&text);
	buf_done(&encoded);
	return e;
}

static enum err
take_material(const struct json_t *object, struct jwk *key, struct why *why)
{
	switch (key->type) {
	case KEY_OCT:
		return jwk_take_oct(object, key, why);
	case KEY_RSA:
		return jwk_take_rsa(object, key, why);
	case KEY_EC:
		return jwk_take_ec(object, key, why);
	case KEY_OKP:
		return jwk_take_okp(object, key, why);
	case KEY_NONE:
		break;
	}
	return ERR_UNSUPPORTED;
}

/*
 * A verifier does nothing with the time of a public key, which others may have written in
 * another way. It is unknown then.
 */
static enum err
take_birth(const struct json_t *object, struct jwk *key, struct why *why)
{
	enum err e = take_time(object, "iat", &key->iat, key->is_private ? why : NULL);

	if (e == ERR_OK || key->is_private)
		return e;
	key->iat = 0;
	return ERR_OK;
}

enum err
jwk_parse(const struct json_t *object, enum jwk_default purpose,
	  const struct alg *unnamed, struct jwk *key, struct why *why)
{
	enum err e;

	*key = (struct jwk){ 0 };
	buf_init(&key->secret, JWK_OCT_MAX);
	if (!json_holds_object(object))
		return why_set(why, ERR_SYNTAX, "a JWK is an object");
	if ((e = take_type(object, key, why)) != ERR_OK ||
	    (e = take_use(object, &key->ops, why)) != ERR_OK ||
	    (e = take_key_ops(object, &key->ops, why)) != ERR_OK ||
	    (e = take_alg(object, purpose, unnamed, key, why)) != ERR_OK ||
	    (e = take_time(object, "nbf", &key->nbf, why)) != ERR_OK ||
	    (e = take_time(object, "exp", &key->exp, why)) != ERR_OK ||
	    (e = take_time(object, "signed_until", &key->signed_until, why)) != ERR_OK ||
	    (e = take_material(object, key, why)) != ERR_OK ||
	    (e = take_birth(object, key, why)) != ERR_OK)
		return e;
	if ((e = take_thumbprint(object, key)) != ERR_OK)
		return why_set(why, e, "the thumbprint cannot be computed");
	if (!key->is_private)
		key->ops &= ~(unsigned)(JWK_OP_SIGN | JWK_OP_DECRYPT);
	return take_kid(object, key, why);
}

void
jwk_done(struct jwk *key)
{
	if (key == NULL)
		return;
	mac_close(key->mac);
	EVP_PKEY_CTX_free(key->verifier);
	EVP_PKEY_CTX_free(key->signer);
	EVP_PKEY_free(key->pkey);
	buf_done(&key->secret);
	secret_wipe(key, sizeof(*key));
}
