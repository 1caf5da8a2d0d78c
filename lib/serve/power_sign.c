#include "serve/power_sign.h"

#include <stdlib.h>

#include "config/config.h"
#include "serve/serve.h"
#include "token/token.h"

static void
power_close(void *opened)
{
	signer_close(opened);
	free(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	const struct config *c = app->config;
	const struct signer_keys keys = {
		.signing = c->signing_keys,
		.encryption = c->token_encryption ? c->encryption_keys : NULL,
		.decryption = c->decryption_keys,
		.alg = c->signing_alg,
	};
	struct signer *signer;
	enum err e = config_need(c, "signing_keys", why);

	if (e != ERR_OK)
		return e;
	if ((signer = calloc(1, sizeof(*signer))) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the keys");
	e = signer_open(signer, &keys, str_of(c->issuer), str_of(c->audience), why);
	signer->leeway = c->clock_leeway;
	if (e == ERR_OK)
		*opened = signer;
	else
		power_close(signer);
	return e;
}

const struct power power_sign = { "sign", power_open, NULL, power_close };

struct signer *
app_signer(const struct app *app)
{
	return app_opened(app, &power_sign);
}
