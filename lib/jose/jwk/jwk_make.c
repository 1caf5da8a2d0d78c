#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

#define RSA_BITS_USUAL 3072
#define DIR_OCTETS 64 /* A256CBC-HS512, the longest */

/* JSON that is written here goes through the same checks as a file's. */
static enum err
parse_own(const struct buf *json, const struct alg *alg, struct jwk *key, struct why *why)
{
	struct json_t *root;
	bool encrypt = alg != NULL && alg->use == ALG_ENCRYPT;
	enum err e = json_parse(buf_str(json), &json_usual, &root, why);

	*key = (struct jwk){ 0 };
	if (e == ERR_OK)
		e = jwk_parse(root, encrypt ? JWK_FOR_ENCRYPTION : JWK_FOR_SIGNATURES,
			      NULL, key, why);
	json_free(root);
	if (e != ERR_OK)
		jwk_done(key);
	return e;
}

static void
begin(struct buf *json, const struct alg *alg)
{
	buf_init(json, JWK_MAX);
	json_put_open(json, '{');
	if (alg == NULL)
		return;
	json_put_member(json, "use", alg->use == ALG_SIGN ? STR("sig") : STR("enc"));
	json_put_member(json, "alg", str_of(alg->name));
}

static bool
identify(EVP_PKEY *pkey, enum key_type *type, enum curve *curve)
{
	char group[32] = "";
	size_t n;

	*curve = CURVE_NONE;
	*type = KEY_NONE;
	if (EVP_PKEY_is_a(pkey, "RSA"))
		*type = KEY_RSA;
	for (int c = CURVE_P256; c <= CURVE_X25519; c++) {
		if (curve_key_type((enum curve)c) == KEY_OKP)
			continue;
		if (EVP_PKEY_is_a(pkey, "EC") &&
		    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) == 1 &&
		    EC_curve_nist2nid(curve_group((enum curve)c)) == OBJ_sn2nid(group))
			*curve = (enum curve)c;
	}
	if (EVP_PKEY_is_a(pkey, "ED25519"))
		*curve = CURVE_ED25519;
	if (EVP_PKEY_is_a(pkey, "X25519"))
		*curve = CURVE_X25519;
	if (*curve != CURVE_NONE)
		*type = curve_key_type(*curve);
	ERR_clear_error();
	return *type != KEY_NONE;
}

static enum err
from_pkey(EVP_PKEY *pkey, bool is_private, const struct alg *alg, struct jwk *key,
	  struct why *why)
{
	enum key_type type;
	enum curve curve;
	struct buf json;
	enum err e;

	if (!identify(pkey, &type, &curve))
		return why_set(why, ERR_UNSUPPORTED,
			       "a type or curve that is not on offer");
	begin(&json, alg);
	e = jwk_put_material(pkey, type, curve, is_private, &json);
	json_put_close(&json, '}');
	if (e != ERR_OK || json.failed)
		e = why_set(why, ERR_CRYPTO, "OpenSSL does not hand out the key");
	else
		e = parse_own(&json, alg, key, why);
	buf_done(&json);
	return e;
}

enum err
jwk_from_pkey(EVP_PKEY *pkey, bool is_private, const struct alg *alg, struct jwk *key,
	      struct why *why)
{
	enum err e;

	*key = (struct jwk){ 0 };
	e = from_pkey(pkey, is_private, alg, key, why);
	if (e == ERR_OK)
		EVP_PKEY_free(pkey);
	return e;
}

static enum err
make_oct(const struct alg *alg, struct jwk *key, struct why *why)
{
	unsigned char octets[64];
	size_t n = alg->family == ALG_DIRECT ? DIR_OCTETS : alg->key_size;
	struct buf json, text;
	enum err e;

	if ((e = random_bytes(octets, n)) != ERR_OK)
		return why_set(why, e, "no random bytes");
	begin(&json, alg);
	buf_init(&text, BASE64URL_LENGTH(sizeof(octets)));
	base64url_encode(&text, (struct str){ (char *)octets, n });
	json_put_member(&json, "kty", STR("oct"));
	json_put_member(&json, "k", buf_str(&text));
	json_put_close(&json, '}');
	e = parse_own(&json, alg, key, why);
	secret_wipe(octets, sizeof(octets));
	buf_done(&text);
	buf_done(&json);
	return e;
}

static EVP_PKEY *
generate(const struct alg *alg, unsigned bits, enum curve curve)
{
	if (alg->type == KEY_RSA)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
					 (size_t)(bits == 0 ? RSA_BITS_USUAL : bits));
	if (alg->curve != CURVE_NONE)
		curve = alg->curve;
	if (curve == CURVE_NONE)
		curve = CURVE_P256;
	if (curve_key_type(curve) == KEY_OKP)
		return EVP_PKEY_Q_keygen(NULL, NULL, curve_group(curve));
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve_group(curve));
}

static enum err
make_any(const struct alg *alg, unsigned bits, enum curve curve, struct jwk *key,
	 struct why *why)
{
	EVP_PKEY *pkey = NULL;
	enum err e;

	*key = (struct jwk){ 0 };
	if (alg->type == KEY_OCT) {
		e = make_oct(alg, key, why);
	} else if (alg->type == KEY_RSA && bits != 0 && (bits < 2048 || bits > 8192)) {
		e = why_set(why, ERR_SYNTAX, "RSA keys have 2048 to 8192 bits");
	} else if ((pkey = generate(alg, bits, curve)) == NULL) {
		ERR_clear_error();
		e = why_set(why, ERR_CRYPTO, "OpenSSL makes no %s key", alg->name);
	} else {
		e = from_pkey(pkey, true, alg, key, why);
	}
	EVP_PKEY_free(pkey);
	return e;
}

enum err
jwk_make(const struct alg *alg, unsigned bits, enum curve curve, int64_t now,
	 struct jwk *key, struct why *why)
{
	enum err e = make_any(alg, bits, curve, key, why);

	/*
	 * This happens to one thumbprint in 64. The command would take such a kid for
	 * an option.
	 */
	while (e == ERR_OK && key->thumbprint[0] == '-') {
		jwk_done(key);
		e = make_any(alg, bits, curve, key, why);
	}
	if (e == ERR_OK)
		key->iat = now;
	return e;
}
