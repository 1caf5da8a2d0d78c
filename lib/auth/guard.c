#include "auth/guard.h"

#include <stdlib.h>
#include <string.h>

#include "auth/guard_roles.h"
#include "base/log.h"
#include "jose/header.h"
#include "jose/jws_verify.h"
#include "jose/jwt_nested.h"
#include "json/json.h"

void
identity_init(struct identity *who)
{
	*who = (struct identity){ 0 };
	claims_init(&who->claims);
}

void
identity_done(struct identity *who)
{
	if (who == NULL)
		return;
	claims_done(&who->claims);
	identity_init(who);
}

bool
identity_has_role(const struct identity *who, struct str role)
{
	for (size_t i = 0; i < who->n_roles; i++)
		if (str_eq(who->roles[i], role))
			return true;
	return false;
}

/* ---- keys ---- */

enum err
guard_open(struct guard *g, struct why *why)
{
	enum err e;

	g->decrypts = g->decryption_keys != NULL;
	if (g->decrypts && (e = keyset_watch_open(&g->decryption, g->decryption_keys,
						  KEYSET_DECRYPT, why)) != ERR_OK)
		return e;
	for (size_t i = 0; i < g->n; i++) {
		struct guard_issuer *issuer = &g->issuers[i];

		e = keyset_watch_open(&issuer->watch, issuer->keys, KEYSET_VERIFY, why);
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
	*g = (struct guard){ 0 };
}

/* ---- whose token ---- */

/* The iss that the token claims, appended to `iss`. It proves nothing. */
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
 * NULL, with the refusal, when it is nobody's. With no other issuer it is us, and
 * so it is when the token is encrypted: those are only ever made by ourselves.
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

/* A name of ours that reads like a user of another issuer. */
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
name_ours(const struct guard *g, struct identity *who)
{
	who->id = who->claims.sub;
	who->name = who->claims.preferred_username;
	if (looks_foreign(g, who->id) || looks_foreign(g, who->name))
		return false;
	if (who->name.n == 0)
		who->name = who->id;
	return true;
}

static bool
name_theirs(const struct guard_issuer *issuer, struct identity *who)
{
	size_t n = strlen(issuer->name), sub = who->claims.sub.n;

	if (sub > sizeof(who->id_bytes) - n - 1)
		return false;
	memcpy(who->id_bytes, issuer->name, n);
	who->id_bytes[n] = ':';
	memcpy(who->id_bytes + n + 1, who->claims.sub.p, sub);
	who->issuer = issuer->name;
	who->id = (struct str){ who->id_bytes, n + 1 + sub };
	who->name = who->id;
	return true;
}

static bool
fill_identity(const struct guard *g, const struct guard_issuer *issuer,
	      struct identity *who)
{
	if (who->claims.sub.n == 0)
		return false;
	if (!(issuer->name == NULL ? name_ours(g, who) : name_theirs(issuer, who)))
		return false;
	if (str_has_control(who->id) || str_has_control(who->name))
		return false;
	guard_roles(issuer, who);
	who->expires = who->claims.exp;
	who->auth_time = who->claims.has_auth_time ? who->claims.auth_time : 0;
	return true;
}

/* JWT_ACCEPTED when that issuer's keys and policy prove the token. */
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

enum verdict
guard_check(struct guard *g, struct str token, int64_t now, struct identity *who,
	    enum jwt_refusal *refusal)
{
	struct guard_issuer *issuer;

	*refusal = JWT_REFUSED;
	identity_done(who);
	if ((issuer = find_issuer(g, token, refusal)) == NULL)
		goto out;
	if ((*refusal = prove(g, issuer, token, now, &who->claims)) != JWT_ACCEPTED)
		goto out;
	if (!fill_identity(g, issuer, who)) {
		*refusal = JWT_CLAIMS;
		goto out;
	}
	return VERDICT_ALLOW;
out:
	identity_done(who);
	return VERDICT_DENY;
}
