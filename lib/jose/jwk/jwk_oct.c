#include "base/base64url.h"
#include "jose/jwk/jwk_parts.h"
#include "json/json.h"

enum err
jwk_take_octets(const struct json_t *object, const char *name, unsigned char *octets,
		size_t n, struct why *why)
{
	struct str text;
	size_t got;

	if (json_get_str(object, name, &text) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "%s missing or not a string", name);
	if (text.n != BASE64URL_LENGTH(n) ||
	    !base64url_decode_to(octets, n, &got, text) || got != n)
		return why_set(why, ERR_SYNTAX, "%s is not %zu octets in base64url", name,
			       n);
	return ERR_OK;
}

/* True if a key of `n` octets fits its algorithm (RFC 7518, 3.2, 4.4, 4.5, 4.7). */
static bool
size_fits(const struct alg *alg, size_t n)
{
	switch (alg->family) {
	case ALG_HMAC:
		return n >= alg->key_size;
	case ALG_DIRECT: /* `enc` distinguishes these */
		return n == 16 || n == 24 || n == 32 || n == 48 || n == 64;
	default:
		return n == alg->key_size;
	}
}

enum err
jwk_take_oct(const struct json_t *object, struct jwk *key, struct why *why)
{
	struct str text;

	if (json_get_str(object, "k", &text) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "k missing or not a string");
	if (text.n > BASE64URL_LENGTH(JWK_OCT_MAX))
		return why_set(why, ERR_SYNTAX, "k is longer than %d octets",
			       JWK_OCT_MAX);
	if (!base64url_decode(&key->secret, text))
		return why_set(why, ERR_SYNTAX, "k is not base64url");
	if (!size_fits(key->alg, key->secret.n))
		return why_set(why, ERR_SYNTAX, "k is %s for %s",
			       key->alg->family == ALG_HMAC ? "too short"
							    : "not of the right length",
			       key->alg->name);
	key->is_private = true;
	return ERR_OK;
}
