#include "factor/factor_power.h"

#include <stdlib.h>

#include "config/config.h"
#include "factor/factor_keys.h"

struct opened_keys {
	struct factor_keys *keys; /* NULL: the setting is not set */
};

static void
power_close(void *opened)
{
	struct opened_keys *o = opened;

	factor_keys_close(o->keys);
	free(o);
}

/*
 * A directory that cannot be used stops nobody who needs none of its keys. The watch logs
 * what is wrong with it.
 */
static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	struct opened_keys *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return why_set(why, ERR_MEMORY, "no memory for factor_keys");
	if (app->config->factor_keys != NULL &&
	    factor_keys_watch(app->config->factor_keys, &o->keys, why) != ERR_OK &&
	    o->keys == NULL) {
		power_close(o);
		return ERR_MEMORY;
	}
	*opened = o;
	return ERR_OK;
}

static enum err
power_refresh(const struct app *app, void *opened, struct why *why)
{
	struct opened_keys *o = opened;

	(void)app;
	if (o->keys != NULL)
		factor_keys_follow(o->keys, why);
	return ERR_OK;
}

const struct power power_factors = { "factors", power_open, power_refresh, power_close };

struct factor_keys *
app_factor_keys(const struct app *app)
{
	const struct opened_keys *o = app_opened(app, &power_factors);

	return o != NULL ? o->keys : NULL;
}
