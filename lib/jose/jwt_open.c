#include "jose/jwe_decrypt.h"
#include "jose/jwt_nested.h"

#define JWE_PARTS 5

/* RFC 7519, 5.2; a media type's case does not count. */
static bool
holds_a_jwt(const struct header *h)
{
	return h->has_cty && str_eq_nocase(h->cty, STR("JWT"));
}

static enum verdict
open_encrypted(const struct keyset *decryption, struct str token, int64_t now,
	       struct buf *signed_token, enum jwt_refusal *refusal)
{
	struct header h;
	enum verdict v;

	v = jwe_decrypt(decryption, token, now, &h, signed_token, refusal);
	if (v == VERDICT_ALLOW && !holds_a_jwt(&h)) {
		*refusal = JWT_TYPE;
		v = VERDICT_DENY;
	}
	header_done(&h);
	return v;
}

enum verdict
jwt_open(const struct keyset *decryption, const struct keyset *set,
	 const struct jwt_policy *policy, struct str token, int64_t now, struct claims *c,
	 enum jwt_refusal *refusal)
{
	struct buf inner;
	enum verdict v = VERDICT_DENY;

	if (token.n > JWT_MAX || compact_parts(token) != JWE_PARTS)
		return jwt_verify(set, policy, token, now, c, refusal);
	claims_done(c);
	claims_init(c);
	*refusal = JWT_NO_KEY;
	if (decryption == NULL)
		return VERDICT_DENY;
	buf_init(&inner, JWT_MAX);
	if (open_encrypted(decryption, token, now, &inner, refusal) == VERDICT_ALLOW)
		v = jwt_verify(set, policy, buf_str(&inner), now, c, refusal);
	buf_done(&inner);
	return v;
}
