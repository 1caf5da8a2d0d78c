#include "token/token.h"

#include "base/base64url.h"
#include "crypto/random.h"
#include "jose/jwt/jwt_seal.h"
#include "jose/jwt/jwt_unseal.h"
#include "token/acr.h"
#include "token/token_parts.h"

#define JTI_BYTES 16

enum err
signer_open(struct signer *s, const struct signer_keys *keys, struct str issuer,
	    struct str audience, struct why *why)
{
	enum err e;

	*s = (struct signer){ .issuer = issuer, .audience = audience };
	if (keys->alg != NULL && (s->alg = alg_find(str_of(keys->alg))) == NULL)
		return why_set(why, ERR_UNSUPPORTED, "signing_alg: %s is not offered",
			       keys->alg);
	e = keyset_watch_open(&s->keys, keys->signing, KEYSET_SIGN, why);
	if (e == ERR_OK && keys->encryption != NULL) {
		s->encrypts = true;
		e = keyset_watch_open(&s->encryption, keys->encryption, KEYSET_ENCRYPT,
				      why);
	}
	if (e == ERR_OK && keys->decryption != NULL) {
		s->decrypts = true;
		e = keyset_watch_open(&s->decryption, keys->decryption, KEYSET_DECRYPT,
				      why);
	}
	return e;
}

void
signer_close(struct signer *s)
{
	keyset_watch_close(&s->keys);
	if (s->encrypts)
		keyset_watch_close(&s->encryption);
	if (s->decrypts)
		keyset_watch_close(&s->decryption);
	s->encrypts = s->decrypts = false;
}

struct jwk *
signer_key_of(struct signer *s, const struct alg *alg, int64_t now, struct why *why)
{
	struct keyset *set = keyset_watch_now(&s->keys);

	if (set != NULL)
		return keyset_signing_key(set, alg != NULL ? alg : s->alg, now, why);
	why_set(why, ERR_NOT_FOUND, "no key may sign at this time");
	return NULL;
}

struct jwk *
signer_key(struct signer *s, int64_t now, struct why *why)
{
	return signer_key_of(s, NULL, now, why);
}

bool
token_put_words(struct str words, struct str *list, size_t max, size_t *n)
{
	while (words.n > 0) {
		if (*n >= max)
			return false;
		list[(*n)++] = str_cut(&words, ' ');
	}
	return true;
}

static enum err
put_login(struct claims *c, const struct token_login *login, int64_t now, struct why *why)
{
	c->client_id = STR(IDENTITY_LOGIN_ID);
	c->sub = login->subject;
	c->sid = login->sid;
	c->preferred_username = login->name;
	c->acr = str_of(acr_text(acr_of_amr(login->amr)));
	c->auth_time = login->auth_time < now ? login->auth_time : now;
	c->has_auth_time = true;
	if (!token_put_words(login->roles, c->roles, CLAIMS_ROLES, &c->n_roles))
		return why_set(why, ERR_LIMIT, "the user has more than %d roles",
			       CLAIMS_ROLES);
	if (!token_put_words(login->amr, c->amr, CLAIMS_AMR, &c->n_amr))
		return why_set(why, ERR_LIMIT, "the login has more than %d proofs",
			       CLAIMS_AMR);
	return ERR_OK;
}

void
token_put_times(struct claims *c, int64_t now, int64_t life)
{
	c->iat = now;
	c->exp = now + life;
	c->has_iat = c->has_exp = true;
}

/* Append the signed token, or its encrypted form if the settings demand it. */
static enum err
put_token(struct signer *s, struct jwk *key, const struct claims *c, int64_t now,
	  struct buf *out)
{
	size_t before = out->n;
	struct keyset *set;
	struct buf inner;
	struct jwk *to;
	enum err e;

	if (!s->encrypts)
		return jwt_issue(key, TOKEN_TYPE, c, out);
	set = keyset_watch_now(&s->encryption);
	to = set == NULL ? NULL : keyset_current(set, JWK_OP_ENCRYPT, now);
	if (to == NULL)
		return ERR_NOT_FOUND;
	buf_init(&inner, JWT_MAX);
	e = jwt_issue(key, TOKEN_TYPE, c, &inner);
	if (e == ERR_OK)
		e = jwt_seal(to, buf_str(&inner), out);
	if (e == ERR_OK && out->n - before > TOKEN_MAX) {
		out->n = before;
		e = ERR_LIMIT;
	}
	buf_done(&inner);
	return e;
}

enum err
token_put_ours(const struct signer *s, struct claims *c, struct str audience,
	       struct buf *jti)
{
	unsigned char random[JTI_BYTES];
	enum err e = random_bytes(random, sizeof(random));

	if (e != ERR_OK)
		return e;
	base64url_encode(jti, (struct str){ (char *)random, sizeof(random) });
	c->jti = buf_str(jti);
	c->iss = s->issuer;
	c->aud[c->n_aud++] = audience;
	return jti->failed ? ERR_MEMORY : ERR_OK;
}

enum err
token_sign_for(struct signer *s, struct claims *c, struct str audience, int64_t now,
	       int64_t life, struct buf *jti, struct buf *out, struct why *why)
{
	struct jwk *key = signer_key(s, now, why);
	enum err e;

	if (c->client_id.n == 0 || c->n_aud > 0)
		return why_set(why, ERR_SYNTAX,
			       "a token of no client, or with an audience");
	if (key == NULL)
		return ERR_NOT_FOUND;
	token_put_times(c, now, life);
	e = token_put_ours(s, c, audience, jti);
	if (e == ERR_OK)
		e = put_token(s, key, c, now, out);
	if (e == ERR_LIMIT)
		why_set(why, e,
			"the token would be too long: give the user fewer roles, or use "
			"a smaller key");
	else if (e != ERR_OK)
		why_set(why, e, "the token cannot be made: %s", err_text(e));
	return e;
}

enum err
token_sign(struct signer *s, struct claims *c, int64_t now, int64_t life, struct buf *jti,
	   struct buf *out, struct why *why)
{
	return token_sign_for(s, c, s->audience, now, life, jti, out, why);
}

enum err
token_issue(struct signer *s, const struct token_login *login, int64_t now, int64_t life,
	    struct buf *out, int64_t *expires_in, struct why *why)
{
	struct claims c;
	struct buf jti;
	enum err e;

	if (life > login->ends_at - now)
		life = login->ends_at - now;
	if (life <= 0)
		return why_set(why, ERR_LIMIT, "the session is over");
	buf_init(&jti, TOKEN_JTI_MAX);
	claims_init(&c);
	if ((e = put_login(&c, login, now, why)) == ERR_OK)
		e = token_sign(s, &c, now, life, &jti, out, why);
	if (e == ERR_OK)
		*expires_in = life;
	claims_done(&c);
	buf_done(&jti);
	return e;
}

enum verdict
token_check(struct signer *s, struct str token, int64_t now, struct claims *c,
	    enum jwt_refusal *refusal)
{
	const struct jwt_policy policy = {
		.issuer = s->issuer,
		.audience = s->audience,
		.typ = STR(TOKEN_TYPE),
		.leeway = s->leeway,
	};
	struct keyset *set = keyset_watch_now(&s->keys);
	struct keyset *decryption = NULL;

	*refusal = JWT_FAILED;
	if (s->decrypts && (decryption = keyset_watch_now(&s->decryption)) == NULL)
		return VERDICT_DENY;
	if (set == NULL)
		return VERDICT_DENY;
	return jwt_open(decryption, set, &policy, token, now, c, refusal);
}
