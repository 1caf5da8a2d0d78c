#include <stdlib.h>

#include "config/config.h"
#include "serve/power_verify.h"
#include "serve/serve.h"
#include "token/guard.h"

static struct guard_issuer
our_issuer(const struct config *c)
{
	return (struct guard_issuer){
		.policy = { .issuer = str_of(c->issuer),
			    .audience = str_of(c->audience),
			    .site = str_of(c->public_url),
			    .typ = STR("at+jwt"),
			    .leeway = c->clock_leeway },
		.keys = c->verifying_keys,
	};
}

static struct guard_issuer
other_issuer(const struct config *c, const struct config_issuer *i)
{
	return (struct guard_issuer){
		.name = i->name,
		.policy = { .issuer = str_of(i->url),
			    .audience = str_of(i->audience),
			    .typ = str_is(str_of(i->type), "none") ? STR("")
								   : str_of(i->type),
			    .leeway = c->clock_leeway,
			    .foreign = true },
		.keys = i->keys,
		.unnamed = alg_find(str_of(i->algorithm)),
		.roles_claim = i->roles_claim,
		.role_map = i->roles.items,
		.n_role_map = i->roles.n,
	};
}

static void
close_guard(void *opened)
{
	guard_close(opened);
	free(opened);
}

static void
set_up(struct guard *g, const struct app *app)
{
	const struct config *c = app->config;

	g->issuers[g->n++] = our_issuer(c);
	for (size_t i = 0; i < c->issuers.n; i++)
		g->issuers[g->n++] = other_issuer(c, &c->issuers.items[i]);
	if (c->token_encryption || c->decryption_keys != NULL)
		g->decryption_keys = c->decryption_keys;
	if (c->revocation)
		g->revocation_file = c->revocation_file;
	g->revocation_max_age = c->revocation_max_age;
	g->cache_entries = app->once ? 0 : (size_t)c->token_cache;
}

static enum err
open_guard(const struct app *app, void **opened, struct why *why)
{
	const struct config *c = app->config;
	struct guard *g;
	enum err e;

	if ((e = config_need(c, "verifying_keys", why)) != ERR_OK)
		return e;
	if (c->revocation && (e = config_need(c, "revocation_file", why)) != ERR_OK)
		return e;
	if (c->issuers.n >= GUARD_ISSUERS_MAX)
		return why_set(why, ERR_LIMIT, "too many issuers");
	if ((g = calloc(1, sizeof(*g))) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the keys");
	set_up(g, app);
	if ((e = guard_open(g, why)) == ERR_OK)
		*opened = g;
	else
		close_guard(g);
	return e;
}

const struct power power_verify = { "verify", open_guard, NULL, close_guard };

struct guard *
app_guard(const struct app *app)
{
	return app_opened(app, &power_verify);
}
