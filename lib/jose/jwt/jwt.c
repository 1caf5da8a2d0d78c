#include "jose/jwt/jwt.h"

#include "jose/jws/jws_verify.h"

/* RFC 9068, 4; RFC 7515, 4.1.9: "application/" may be left out. */
static bool
is_type(bool has_typ, struct str typ, struct str wanted)
{
	struct str prefix = STR("application/");

	if (wanted.n == 0)
		return true;
	if (str_eq_nocase(str_sub(typ, 0, prefix.n), prefix))
		typ = str_sub(typ, prefix.n, typ.n);
	return has_typ && str_eq_nocase(typ, wanted);
}

/* json_get_number limits times to 2^53, so this cannot overflow. */
static enum jwt_refusal
judge_times(const struct claims *c, int64_t leeway, int64_t now)
{
	if (now >= c->exp + leeway)
		return JWT_EXPIRED;
	if (c->iat - leeway > now || (c->has_nbf && c->nbf - leeway > now))
		return JWT_NOT_YET;
	return JWT_ACCEPTED;
}

struct str
jwt_path_of(const struct claims *c, struct str site)
{
	struct str none = { NULL, 0 };

	if (site.n == 0 || c->n_aud != 1 || !str_starts_with(c->aud[0], site) ||
	    c->aud[0].n == site.n || c->aud[0].p[site.n] != '/')
		return none;
	return str_sub(c->aud[0], site.n, c->aud[0].n);
}

static bool
is_for_us(const struct jwt_policy *policy, const struct claims *c)
{
	if (policy->audience.n == 0)
		return false;
	return claims_has_audience(c, policy->audience) ||
	       jwt_path_of(c, policy->site).n > 0;
}

enum jwt_refusal
jwt_judge(const struct jwt_policy *policy, bool has_typ, struct str typ, int64_t now,
	  struct claims *c)
{
	if (policy->leeway < 0 || policy->leeway > JWT_LEEWAY_MAX)
		return JWT_FAILED;
	if (!is_type(has_typ, typ, policy->typ))
		return JWT_TYPE;
	if (!claims_parse(c) || (!policy->foreign && !claims_take_ours(c)))
		return JWT_CLAIMS;
	if (c->iss.n == 0 || c->sub.n == 0 || c->n_aud == 0 || !c->has_exp || !c->has_iat)
		return JWT_CLAIMS;
	if (policy->issuer.n == 0 || !str_eq(c->iss, policy->issuer))
		return JWT_ISSUER;
	if (!is_for_us(policy, c))
		return JWT_AUDIENCE;
	return judge_times(c, policy->leeway, now);
}

enum verdict
jwt_verify(const struct keyset *set, const struct jwt_policy *policy, struct str token,
	   int64_t now, struct claims *c, enum jwt_refusal *refusal)
{
	struct header h = { 0 };

	claims_clear(c);
	*refusal = JWT_TOO_LONG;
	if (token.n <= JWT_MAX &&
	    jws_verify(set, token, now, &h, &c->payload, refusal) == VERDICT_ALLOW)
		*refusal = jwt_judge(policy, h.has_typ, h.typ, now, c);
	header_done(&h);
	if (*refusal == JWT_ACCEPTED)
		return VERDICT_ALLOW;
	claims_clear(c);
	return VERDICT_DENY;
}
