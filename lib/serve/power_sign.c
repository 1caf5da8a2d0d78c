#include <stdlib.h>

#include "config/config.h"
#include "serve/serve.h"
#include "token/token.h"

static void
power_close(struct app *app)
{
	if (app->signer != NULL)
		signer_close(app->signer);
	free(app->signer);
	app->signer = NULL;
}

static enum err
power_open(struct app *app, struct why *why)
{
	const struct config *c = app->config;
	const struct signer_keys keys = {
		.signing = c->signing_keys,
		.encryption = c->token_encryption ? c->encryption_keys : NULL,
		.decryption = c->decryption_keys,
	};
	enum err e = config_need(c, "signing_keys", why);

	if (e != ERR_OK)
		return e;
	app->signer = calloc(1, sizeof(*app->signer));
	if (app->signer == NULL)
		return ERR_MEMORY;
	e = signer_open(app->signer, &keys, str_of(c->issuer), str_of(c->audience), why);
	app->signer->leeway = c->clock_leeway;
	if (e != ERR_OK)
		power_close(app);
	return e;
}

const struct power power_sign = { "sign", power_open, NULL, power_close };
