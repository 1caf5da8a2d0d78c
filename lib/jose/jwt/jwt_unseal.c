#include "jose/jwt/jwt_unseal.h"
#include "jose/jwe/jwe_decrypt.h"

#define JWE_PARTS 5

bool
jwt_is_sealed(struct str token)
{
	return compact_parts(token) == JWE_PARTS;
}

/* RFC 7519, 5.2. Media types are compared in upper and lower case. */
static bool
holds_a_jwt(const struct header *h)
{
	return h->has_cty && str_eq_nocase(h->cty, STR("JWT"));
}

enum verdict
jwt_unseal(const struct keyset *decryption, struct str token, int64_t now,
	   struct buf *inner, enum jwt_refusal *refusal)
{
	struct header h;
	struct buf opened;
	enum verdict v = VERDICT_DENY;

	*refusal = JWT_TOO_LONG;
	if (token.n > JWT_MAX)
		return VERDICT_DENY;
	buf_init(&opened, JWT_MAX);
	if (jwe_decrypt(decryption, token, now, &h, &opened, refusal) != VERDICT_ALLOW)
		goto out;
	*refusal = JWT_TYPE;
	if (!holds_a_jwt(&h))
		goto out;
	*refusal = JWT_FAILED;
	if (!buf_add(inner, buf_str(&opened)))
		goto out;
	*refusal = JWT_ACCEPTED;
	v = VERDICT_ALLOW;
out:
	header_done(&h);
	buf_done(&opened);
	return v;
}

enum verdict
jwt_open(const struct keyset *decryption, const struct keyset *set,
	 const struct jwt_policy *policy, struct str token, int64_t now, struct claims *c,
	 enum jwt_refusal *refusal)
{
	struct buf inner;
	enum verdict v = VERDICT_DENY;

	if (!jwt_is_sealed(token))
		return jwt_verify(set, policy, token, now, c, refusal);
	claims_clear(c);
	*refusal = JWT_NO_KEY;
	if (decryption == NULL)
		return VERDICT_DENY;
	buf_init(&inner, JWT_MAX);
	if (jwt_unseal(decryption, token, now, &inner, refusal) == VERDICT_ALLOW)
		v = jwt_verify(set, policy, buf_str(&inner), now, c, refusal);
	buf_done(&inner);
	return v;
}
