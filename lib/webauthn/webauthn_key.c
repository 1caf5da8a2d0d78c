/* Keys of passkeys, as the caller keeps them. */
#include "jose/alg.h"
#include "webauthn/cose_key.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

int
webauthn_alg(size_t i)
{
	return cose_key_alg(i);
}

/* Browsers make RSA passkeys only for RS256, so that is what a key without alg has. */
static const struct alg *
unnamed_alg(const struct json_t *jwk)
{
	struct str kty;

	if (json_get_str(jwk, "kty", &kty) == JSON_FOUND && str_is(kty, "RSA"))
		return alg_find(STR("RS256"));
	return NULL;
}

enum err
webauthn_read_key(struct str jwk, struct jwk *key, struct why *why)
{
	struct json_t *root;
	enum err e = json_parse(jwk, &json_usual, &root, why);

	*key = (struct jwk){ 0 };
	if (e != ERR_OK)
		return e;
	e = jwk_parse(root, JWK_FOR_SIGNATURES, unnamed_alg(root), key, why);
	if (e != ERR_OK)
		goto out;
	if (!cose_key_is_offered(key))
		e = why_set(why, ERR_UNSUPPORTED, "the algorithm %s is not offered",
			    key->alg->name);
	else if (key->is_private)
		e = why_set(why, ERR_SYNTAX,
			    "the key is private; a public one is wanted");
	else if ((key->ops & JWK_OP_VERIFY) == 0)
		e = why_set(why, ERR_SYNTAX, "the key is not for verifying");
out:
	json_free(root);
	return e;
}

enum err
webauthn_write_key(const struct jwk *key, struct buf *out)
{
	return jwk_write(key, JWK_PUBLIC, out);
}
