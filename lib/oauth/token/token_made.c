#include "oauth/token/token_made.h"

#include "client/client_row.h"
#include "client/client_scope.h"
#include "config/config.h"
#include "oauth/token/person_claims.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/client_token.h"
#include "json/json.h"

/* NULL: the algorithm of the site. */
static const struct alg *
alg_of(struct str word)
{
	enum client_alg alg;

	return client_alg_read(word, &alg) && alg == CLIENT_ALG_SITE
		       ? NULL
		       : alg_find(STR("RS256"));
}

/*
 * The database is asked only if there is no key for RS256: a client whose ID tokens are
 * signed by the site's key needs none, and one that is not known gets nothing anyway.
 */
static enum err
need_keys(struct app *app, struct str client, struct why *why)
{
	struct signer *signer = app_signer(app);
	struct why no_key = { "" };
	struct buf alg;
	enum err e;

	if (signer_key(signer, app->now, why) == NULL)
		return ERR_NOT_FOUND;
	if (signer_key_of(signer, alg_find(STR("RS256")), app->now, &no_key) != NULL)
		return ERR_OK;
	buf_init(&alg, 16);
	e = oauth_client_alg(app_db(app), client, &alg, why);
	if (e == ERR_OK && str_is(buf_str(&alg), client_alg_word(CLIENT_ALG_RS256)))
		e = why_set(why, ERR_NOT_FOUND, "%s", no_key.text);
	buf_done(&alg);
	return e;
}

bool
token_keys(struct app *app, const struct request *req, struct response *res,
	   struct str client)
{
	struct why why = { "" };
	enum err e = need_keys(app, client, &why);

	if (e != ERR_OK)
		token_unavailable(app, req, res, e, &why);
	return e == ERR_OK;
}

static enum err
make_id_token(struct app *app, struct client_token *t, const struct oauth_grant *g,
	      unsigned scopes, struct token_made *made, struct why *why)
{
	struct person_claims person;
	struct claims c;
	enum err e = ERR_OK;

	claims_init(&c);
	t->sid = g->id_sid;
	t->nonce = g->nonce;
	t->alg = alg_of(g->alg);
	if (!g->id_token_claims)
		scopes = 0;
	e = person_claims_make(g, scopes, &person);
	for (size_t i = 0; e == ERR_OK && i < person.n; i++)
		if (str_is(person.list[i].name, "preferred_username"))
			c.preferred_username = g->name;
		else
			e = claims_add(&c, person.list[i].name, person.list[i].json);
	if (e != ERR_OK)
		why_set(why, e, "what the client may hear does not fit into an ID token");
	else
		e = id_token_sign(app_signer(app), t, &c, app->now, made->expires_in,
				  &made->id, why);
	claims_done(&c);
	person_claims_done(&person);
	return e;
}

/* Not longer than the grant. */
static int64_t
life_of(const struct app *app, const struct oauth_grant *g)
{
	int64_t left = g->ends_at - app->now;

	return app->config->token_life < left ? app->config->token_life : left;
}

enum err
token_make(struct app *app, struct str client, const struct oauth_grant *g,
	   unsigned scopes, struct token_made *made, struct why *why)
{
	struct client_token t = { .client = client,
				  .subject = g->user_id,
				  .sid = g->sid,
				  .amr = g->amr,
				  .auth_time = g->auth_time,
				  .audience = g->audience,
				  .roles = g->groups };
	enum err e;

	*made = (struct token_made){ .expires_in = life_of(app, g) };
	buf_init(&made->access, CLIENT_TOKEN_MAX);
	buf_init(&made->id, CLIENT_TOKEN_MAX);
	buf_init(&made->scope, CLIENT_SCOPES_TEXT);
	if (made->expires_in <= 0)
		return why_set(why, ERR_LIMIT, "the grant is over");
	if (!client_scope_add(&made->scope, scopes))
		return why_set(why, ERR_MEMORY, "no memory for the scope");
	t.scope = buf_str(&made->scope);
	e = client_token_sign(app_signer(app), &t, str_of(app->config->public_url),
			      app->now, made->expires_in, &made->access, why);
	if (e == ERR_OK && (scopes & CLIENT_SCOPE_OPENID) != 0)
		e = make_id_token(app, &t, g, scopes, made, why);
	return e;
}

void
token_made_done(struct token_made *made)
{
	buf_done(&made->access);
	buf_done(&made->id);
	buf_done(&made->scope);
}

void
token_give(struct app *app, const struct request *req, struct response *res,
	   const struct token_made *made, struct str refresh)
{
	struct buf json;

	buf_init(&json, 3 * CLIENT_TOKEN_MAX);
	json_put_open(&json, '{');
	json_put_member(&json, "access_token", buf_str(&made->access));
	json_put_member(&json, "token_type", STR("Bearer"));
	json_put_member_int(&json, "expires_in", made->expires_in);
	json_put_member(&json, "scope", buf_str(&made->scope));
	json_put_member(&json, "refresh_token", refresh);
	if (made->id.n > 0)
		json_put_member(&json, "id_token", buf_str(&made->id));
	json_put_close(&json, '}');
	if (json.failed)
		serve_unavailable(app, req, res, ERR_MEMORY);
	else
		response_json(res, 200, buf_str(&json));
	buf_done(&json);
}
