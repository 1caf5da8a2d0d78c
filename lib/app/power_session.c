#include "app/config.h"
#include "app/serve.h"
#include "crypto/secret.h"

#define SECRET_MIN 32 /* bytes */
#define SECRET_MAX 1024

static void
power_close(struct app *app)
{
	buf_done(&app->session_secret);
}

static enum err
power_open(struct app *app, struct why *why)
{
	enum err e = config_need(app->config, "session_secret", why);

	if (e != ERR_OK)
		return e;
	buf_init(&app->session_secret, SECRET_MAX);
	e = secret_read_file(app->config->session_secret, SECRET_MAX,
			     &app->session_secret, why);
	if (e == ERR_OK && app->session_secret.n < SECRET_MIN)
		e = why_set(why, ERR_LIMIT,
			    "session_secret: %s holds fewer than %d bytes",
			    app->config->session_secret, SECRET_MIN);
	if (e != ERR_OK)
		power_close(app);
	return e;
}

const struct power power_session = { "session", power_open, NULL, power_close };
