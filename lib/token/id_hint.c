#include "token/id_hint.h"

#include "base/text.h"
#include "jose/jws/jws_verify.h"

/* RFC 7519, 5.1: a JWT may say that it is one. Any other type is another kind of token. */
static bool
is_id_token(const struct header *h)
{
	return !h->has_typ || str_eq_nocase(h->typ, STR("JWT"));
}

/* That it has expired is no reason. A time to come would be. */
static enum jwt_refusal
judge(const struct signer *s, struct claims *c, int64_t now)
{
	if (!claims_parse(c) || !text_is_uuid(c->sub) || c->sid.n == 0 || !c->has_iat ||
	    !c->has_exp)
		return JWT_CLAIMS;
	if (s->issuer.n == 0 || !str_eq(c->iss, s->issuer))
		return JWT_ISSUER;
	if (c->n_aud != 1 || c->aud[0].n == 0)
		return JWT_AUDIENCE;
	return c->iat - s->leeway > now ? JWT_NOT_YET : JWT_ACCEPTED;
}

static enum jwt_refusal
verify(struct signer *s, struct str token, int64_t now, struct claims *c)
{
	struct keyset *keys = keyset_watch_now(&s->keys);
	enum jwt_refusal refusal = JWT_FAILED;
	struct header h = { 0 };

	if (keys == NULL)
		return JWT_FAILED;
	if (token.n > JWT_MAX)
		return JWT_TOO_LONG;
	if (jws_verify(keys, token, now, &h, &c->payload, &refusal) == VERDICT_ALLOW)
		refusal = is_id_token(&h) ? judge(s, c, now) : JWT_TYPE;
	header_done(&h);
	return refusal;
}

enum verdict
id_hint_read(struct signer *s, struct str token, int64_t now, struct id_hint *hint,
	     enum jwt_refusal *refusal)
{
	*hint = (struct id_hint){ .user = STR("") };
	claims_init(&hint->claims);
	*refusal = verify(s, token, now, &hint->claims);
	if (*refusal != JWT_ACCEPTED) {
		claims_clear(&hint->claims);
		return VERDICT_DENY;
	}
	hint->user = hint->claims.sub;
	hint->client = hint->claims.aud[0];
	hint->sid = hint->claims.sid;
	return VERDICT_ALLOW;
}

void
id_hint_done(struct id_hint *hint)
{
	claims_done(&hint->claims);
	hint->user = hint->client = hint->sid = STR("");
}
