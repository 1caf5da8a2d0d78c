#include "token/client_token.h"

#include "jose/jws/jws_verify.h"
#include "token/acr.h"
#include "token/token_parts.h"
#include "json/json.h"

#define AUDIENCE_MAX 2048

/* auth_time, acr and amr. */
static enum err
put_proofs(struct claims *c, const struct client_token *t, int64_t now, struct why *why)
{
	c->acr = str_of(acr_text(acr_of_amr(t->amr)));
	c->auth_time = t->auth_time < now ? t->auth_time : now;
	c->has_auth_time = true;
	if (!token_put_words(t->amr, c->amr, CLAIMS_AMR, &c->n_amr))
		return why_set(why, ERR_LIMIT, "the login has more than %d proofs",
			       CLAIMS_AMR);
	return ERR_OK;
}

/* What another audience hears in addition. */
static enum err
put_person(struct claims *c, const struct client_token *t, int64_t now, struct why *why)
{
	if (t->audience.n == 0)
		return ERR_OK;
	if (!token_put_words(t->roles, c->roles, CLAIMS_ROLES, &c->n_roles))
		return why_set(why, ERR_LIMIT, "the user has more than %d roles",
			       CLAIMS_ROLES);
	return put_proofs(c, t, now, why);
}

static enum err
sign(struct jwk *key, const char *typ, const struct claims *c, struct buf *out,
     struct why *why)
{
	enum err e = jwt_issue_up_to(CLIENT_TOKEN_MAX, key, typ, c, out);

	return e == ERR_OK ? e
			   : why_set(why, e, "the client's token cannot be made: %s",
				     err_text(e));
}

enum err
client_token_sign(struct signer *s, const struct client_token *t, struct str site,
		  int64_t now, int64_t life, struct buf *out, struct why *why)
{
	struct jwk *key = signer_key(s, now, why);
	struct claims c;
	struct buf jti, ours;
	enum err e = ERR_NOT_FOUND;

	claims_init(&c);
	buf_init(&jti, TOKEN_JTI_MAX);
	buf_init(&ours, AUDIENCE_MAX);
	buf_add(&ours, site);
	buf_addz(&ours, IDENTITY_CLIENT_AUDIENCE);
	if (key == NULL)
		goto out;
	c.client_id = t->client;
	c.sub = t->subject;
	c.sid = t->sid;
	c.scope = t->scope;
	token_put_times(&c, now, life);
	e = token_put_ours(s, &c, t->audience.n > 0 ? t->audience : buf_str(&ours), &jti);
	if (e == ERR_OK && ours.failed)
		e = ERR_LIMIT;
	if (e == ERR_OK && (e = put_person(&c, t, now, why)) == ERR_OK)
		e = sign(key, TOKEN_TYPE, &c, out, why);
out:
	claims_done(&c);
	buf_done(&jti);
	buf_done(&ours);
	return e;
}

/* Text as JSON, which `c` borrows from `json`. */
static enum err
put_nonce(struct claims *c, struct str nonce, struct buf *json)
{
	if (nonce.n == 0)
		return ERR_OK;
	json_put_str(json, nonce);
	return json->failed ? ERR_LIMIT : claims_add(c, STR("nonce"), buf_str(json));
}

enum err
id_token_sign(struct signer *s, const struct client_token *t, struct claims *more,
	      int64_t now, int64_t life, struct buf *out, struct why *why)
{
	struct jwk *key = signer_key_of(s, t->alg, now, why);
	struct buf json;
	enum err e;

	if (key == NULL)
		return ERR_NOT_FOUND;
	buf_init(&json, CLAIMS_MORE_BYTES);
	more->iss = s->issuer;
	more->sub = t->subject;
	more->aud[more->n_aud++] = t->client;
	more->sid = t->sid;
	token_put_times(more, now, life);
	if ((e = put_nonce(more, t->nonce, &json)) != ERR_OK)
		why_set(why, e, "the nonce does not fit into an ID token");
	else if ((e = put_proofs(more, t, now, why)) == ERR_OK)
		e = sign(key, ID_TOKEN_TYPE, more, out, why);
	buf_done(&json);
	return e;
}

/* As jwt_judge, except that any audience is right, and that the kind is a client's. */
static enum jwt_refusal
judge(const struct signer *s, const struct header *h, int64_t now, struct claims *c)
{
	struct jwt_policy policy = { .issuer = s->issuer,
				     .typ = STR(TOKEN_TYPE),
				     .leeway = s->leeway };
	enum jwt_refusal refusal;
	struct buf audience;

	if (!claims_parse(c) || c->n_aud == 0)
		return JWT_CLAIMS;
	buf_init(&audience, JWT_MAX);
	buf_add(&audience, c->aud[0]);
	policy.audience = buf_str(&audience);
	refusal = jwt_judge(&policy, h->has_typ, h->typ, now, c);
	buf_done(&audience);
	if (refusal == JWT_ACCEPTED &&
	    (identity_kind_of(c) != IDENTITY_CLIENT || c->sid.n == 0))
		return JWT_CLAIMS;
	return refusal;
}

enum verdict
client_token_check(struct signer *s, struct str token, int64_t now, struct claims *c,
		   enum jwt_refusal *refusal)
{
	struct keyset *set = keyset_watch_now(&s->keys);
	struct header h = { 0 };

	claims_clear(c);
	*refusal = set == NULL ? JWT_FAILED : JWT_TOO_LONG;
	if (set != NULL && token.n <= CLIENT_TOKEN_MAX &&
	    jws_verify(set, token, now, &h, &c->payload, refusal) == VERDICT_ALLOW)
		*refusal = judge(s, &h, now, c);
	header_done(&h);
	if (*refusal == JWT_ACCEPTED)
		return VERDICT_ALLOW;
	claims_clear(c);
	return VERDICT_DENY;
}
