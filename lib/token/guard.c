#include "token/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "jose/header.h"
#include "jose/jws/jws_verify.h"
#include "jose/jwt/jwt_unseal.h"
#include "token/guard_roles.h"
#include "token/program_prefix.h"
#include "json/json.h"

/* ---- keys ---- */

enum err
guard_open(struct guard *g, struct why *why)
{
	enum err e;

	revocations_init(&g->revocations, g->revocation_file, g->revocation_max_age);
	if ((g->verified = verified_new()) == NULL ||
	    token_cache_open(&g->cache, g->cache_entries) != ERR_OK)
		return why_set(why, ERR_MEMORY, "no memory for tokens");
	g->decrypts = g->decryption_keys != NULL;
	if (g->decrypts && (e = keyset_watch_open(&g->decryption, g->decryption_keys,
						  KEYSET_DECRYPT, why)) != ERR_OK)
		return e;
	for (size_t i = 0; i < g->n; i++) {
		struct guard_issuer *issuer = &g->issuers[i];

		e = keyset_watch_open_as(&issuer->watch, issuer->keys, KEYSET_VERIFY,
					 issuer->unnamed, why);
		issuer->watched = true;
		if (e != ERR_OK && issuer->name == NULL)
			return e;
		if (e != ERR_OK)
			LOG(LOG_WARN, "issuer_without_keys",
			    { "issuer", str_of(issuer->name) },
			    { "reason", str_of(why->text) });
	}
	return ERR_OK;
}

void
guard_close(struct guard *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->n; i++)
		if (g->issuers[i].watched)
			keyset_watch_close(&g->issuers[i].watch);
	if (g->decrypts)
		keyset_watch_close(&g->decryption);
	revocations_done(&g->revocations);
	token_cache_close(g->cache);
	verified_free(g->verified);
	*g = (struct guard){ 0 };
}

/* ---- whose token ---- */

/* Append the iss that the token claims to `iss`. It proves nothing. */
static enum jwt_refusal
peek_issuer(struct str token, struct buf *iss)
{
	struct header header = { 0 };
	struct json_t *root = NULL;
	struct buf payload;
	struct str text;
	enum jwt_refusal refusal;

	buf_init(&payload, JWT_MAX);
	refusal = jws_peek(token, &header, &payload);
	if (refusal != JWT_ACCEPTED)
		goto out;
	refusal = JWT_CLAIMS;
	if (json_parse(buf_str(&payload), &json_usual, &root, NULL) == ERR_OK &&
	    json_get_str(root, "iss", &text) == JSON_FOUND && buf_add(iss, text))
		refusal = JWT_ACCEPTED;
out:
	json_free(root);
	buf_done(&payload);
	header_done(&header);
	return refusal;
}

/*
 * The issuer, or NULL with the refusal if it is unknown. It is us if there is no other
 * issuer, or if the token is encrypted, because only we make encrypted tokens.
 */
static struct guard_issuer *
find_issuer(struct guard *g, struct str token, enum jwt_refusal *refusal)
{
	struct guard_issuer *found = NULL;
	struct buf iss;

	if (g->n == 1 || compact_parts(token) != 3)
		return &g->issuers[0];
	if (token.n > JWT_MAX) {
		*refusal = JWT_TOO_LONG;
		return NULL;
	}
	buf_init(&iss, JWT_MAX);
	*refusal = peek_issuer(token, &iss);
	if (*refusal == JWT_ACCEPTED) {
		*refusal = JWT_ISSUER;
		for (size_t i = 0; i < g->n && found == NULL; i++)
			if (str_eq(buf_str(&iss), g->issuers[i].policy.issuer))
				found = &g->issuers[i];
	}
	buf_done(&iss);
	return found;
}

/* ---- who that is ---- */

/* True for a name of ours that looks like a user of another issuer. */
static bool
looks_foreign(const struct guard *g, struct str name)
{
	struct str rest = name;
	struct str prefix = str_cut(&rest, ':');

	if (prefix.n == name.n)
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (g->issuers[i].name != NULL && str_is(prefix, g->issuers[i].name))
			return true;
	return false;
}

static bool
name_ours(const struct guard *g, struct verified *verified)
{
	struct identity *who = &verified->who;

	who->id = verified->claims.sub;
	who->name = verified->claims.preferred_username;
	if (looks_foreign(g, who->id) || looks_foreign(g, who->name))
		return false;
	if (who->name.n == 0)
		who->name = who->id;
	return true;
}

static bool
name_theirs(const struct guard_issuer *issuer, struct verified *verified)
{
	struct identity *who = &verified->who;
	size_t n = strlen(issuer->name), sub = verified->claims.sub.n;

	if (sub > sizeof(verified->id_bytes) - n - 1)
		return false;
	memcpy(verified->id_bytes, issuer->name, n);
	verified->id_bytes[n] = ':';
	memcpy(verified->id_bytes + n + 1, verified->claims.sub.p, sub);
	who->issuer = issuer->name;
	who->id = (struct str){ verified->id_bytes, n + 1 + sub };
	who->name = who->id;
	return true;
}

/*
 * The path of the site that the token is limited to, or empty. The address of the
 * provider limits no client's token: its kind already does, everywhere.
 */
static struct str
limit_of(const struct guard_issuer *issuer, const struct claims *c,
	 enum identity_kind kind)
{
	const struct str none = { NULL, 0 };
	struct str path;

	if (claims_has_audience(c, issuer->policy.audience))
		return none;
	path = jwt_path_of(c, issuer->policy.site);
	if (kind == IDENTITY_CLIENT && str_is(path, IDENTITY_CLIENT_AUDIENCE))
		return none;
	return path;
}

static enum jwt_refusal
fill_identity(const struct guard *g, const struct guard_issuer *issuer,
	      struct verified *verified)
{
	const struct claims *c = &verified->claims;
	struct identity *who = &verified->who;

	identity_init(who);
	if (c->sub.n == 0)
		return JWT_CLAIMS;
	guard_roles(issuer, verified);
	if (!claims_settle(&verified->claims))
		return JWT_FAILED;
	if (!(issuer->name == NULL ? name_ours(g, verified)
				   : name_theirs(issuer, verified)))
		return JWT_CLAIMS;
	if (str_has_control(who->id) || str_has_control(who->name))
		return JWT_CLAIMS;
	who->claims = c;
	who->kind = issuer->name == NULL ? identity_kind_of(c) : IDENTITY_FOREIGN;
	who->expires = c->exp;
	who->auth_time = c->has_auth_time ? c->auth_time : 0;
	if (issuer->name == NULL) {
		who->client = c->client_id;
		who->scope = c->scope;
		who->below = limit_of(issuer, c, who->kind);
		who->acr = c->acr;
		who->amr = c->amr;
		who->n_amr = c->n_amr;
	}
	/* only a program's token is made for a part of the site */
	if (who->below.n > 0 && who->kind != IDENTITY_PROGRAM)
		return JWT_AUDIENCE;
	return JWT_ACCEPTED;
}

/* JWT_ACCEPTED if that issuer's keys and policy prove the token. */
static enum jwt_refusal
prove(struct guard *g, struct guard_issuer *issuer, struct str token, int64_t now,
      struct claims *claims)
{
	const struct keyset *decryption = NULL, *keys;
	enum jwt_refusal refusal = JWT_REFUSED;

	if ((keys = keyset_watch_now(&issuer->watch)) == NULL)
		return JWT_FAILED;
	if (g->decrypts && issuer->name == NULL &&
	    (decryption = keyset_watch_now(&g->decryption)) == NULL)
		return JWT_FAILED;
	if (jwt_open(decryption, keys, &issuer->policy, token, now, claims, &refusal) !=
	    VERDICT_ALLOW)
		return refusal == JWT_ACCEPTED ? JWT_REFUSED : refusal;
	return JWT_ACCEPTED;
}

/* ---- tokens that were verified before ---- */

/*
 * Every watch looks at its files here. The cache is emptied when any key has changed,
 * because tokens that an older key proved may no longer be good.
 */
static void
follow_keys(struct guard *g)
{
	unsigned long generation = 0;

	for (size_t i = 0; i < g->n; i++) {
		keyset_watch_now(&g->issuers[i].watch);
		generation += g->issuers[i].watch.generation;
	}
	if (g->decrypts) {
		keyset_watch_now(&g->decryption);
		generation += g->decryption.generation;
	}
	if (generation != g->cached_generation)
		token_cache_clear(g->cache);
	g->cached_generation = generation;
}

/* The next moment at which a key of the set ends, or `until`. */
static int64_t
first_end(const struct keyset *set, int64_t now, int64_t until)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->keys[i].exp > now && set->keys[i].exp < until)
			until = set->keys[i].exp;
	return until;
}

static void
remember(struct guard *g, const struct guard_issuer *issuer, struct str token,
	 int64_t now)
{
	const struct claims *c = &g->verified->claims;
	int64_t leeway = issuer->policy.leeway;
	int64_t from = c->has_nbf && c->nbf > c->iat ? c->nbf : c->iat;
	int64_t until = first_end(&issuer->watch.set, now, c->exp + leeway);

	if (g->decrypts)
		until = first_end(&g->decryption.set, now, until);
	token_cache_put(g->cache, token, from - leeway, until, &g->verified);
}

/* `*verified` is set when the token is accepted. */
static enum jwt_refusal
identify(struct guard *g, struct str token, int64_t now, const struct verified **verified)
{
	enum jwt_refusal refusal = JWT_REFUSED;
	struct guard_issuer *issuer = find_issuer(g, token, &refusal);

	verified_clear(g->verified);
	if (issuer == NULL)
		return refusal;
	refusal = prove(g, issuer, token, now, &g->verified->claims);
	if (refusal == JWT_ACCEPTED)
		refusal = fill_identity(g, issuer, g->verified);
	if (refusal != JWT_ACCEPTED) {
		verified_clear(g->verified);
		return refusal;
	}
	*verified = g->verified;
	remember(g, issuer, token, now);
	return JWT_ACCEPTED;
}

/* The file lists only our own sessions. A token without a session cannot be ended. */
static enum jwt_refusal
ask_revocations(struct guard *g, const struct identity *who, int64_t now)
{
	if (g->revocation_file == NULL || who->issuer != NULL)
		return JWT_ACCEPTED;
	switch (revocations_check(&g->revocations, who->claims->sid, now)) {
	case REVOCATIONS_NONE:
		return revocations_covers(&g->revocations, who->claims->iat,
					  who->claims->exp)
			       ? JWT_REVOKED
			       : JWT_ACCEPTED;
	case REVOCATIONS_ENDED:
		return JWT_REVOKED;
	case REVOCATIONS_FAILED:
		break;
	}
	return JWT_FAILED;
}

/* Was the token made for what is asked for? */
static enum jwt_refusal
ask_place(const struct identity *who, struct str uri)
{
	return who->below.n == 0 || program_prefix_admits(who->below, uri) ? JWT_ACCEPTED
									   : JWT_AUDIENCE;
}

enum verdict
guard_check_at(struct guard *g, struct str token, struct str uri, int64_t now,
	       struct identity *who, enum jwt_refusal *refusal)
{
	const struct verified *verified;

	identity_init(who);
	follow_keys(g);
	*refusal = JWT_ACCEPTED;
	if ((verified = token_cache_find(g->cache, token, now)) == NULL)
		*refusal = identify(g, token, now, &verified);
	if (*refusal == JWT_ACCEPTED)
		*refusal = ask_place(&verified->who, uri);
	if (*refusal == JWT_ACCEPTED)
		*refusal = ask_revocations(g, &verified->who, now);
	if (*refusal != JWT_ACCEPTED)
		return VERDICT_DENY;
	*who = verified->who;
	return VERDICT_ALLOW;
}

enum verdict
guard_check(struct guard *g, struct str token, int64_t now, struct identity *who,
	    enum jwt_refusal *refusal)
{
	return guard_check_at(g, token, STR(""), now, who, refusal);
}
