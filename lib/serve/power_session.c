#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "serve/serve.h"

#define SECRET_MIN 32 /* bytes */
#define SECRET_MAX 1024

/* The new secret takes the old one's place only when it is good. */
static enum err
load(void *owner, struct why *why)
{
	struct app *app = owner;
	struct buf read;
	enum err e;

	buf_init(&read, SECRET_MAX);
	e = secret_read_file(app->config->session_secret, SECRET_MAX, &read, why);
	if (e == ERR_OK && read.n < SECRET_MIN)
		e = why_set(why, ERR_LIMIT,
			    "session_secret: %s holds fewer than %d bytes",
			    app->config->session_secret, SECRET_MIN);
	if (e != ERR_OK || secret_equal(buf_str(&read), buf_str(&app->session_secret))) {
		buf_done(&read);
		return e;
	}
	if (app->session_secret.n > 0)
		LOG(LOG_INFO, "session_secret_changed",
		    { "path", str_of(app->config->session_secret) });
	buf_done(&app->session_secret);
	app->session_secret = read;
	return ERR_OK;
}

static const struct watch_kind session_secret = { .name = "session_secret",
						  .every_ms = 1000,
						  .load = load };

static void
power_close(struct app *app)
{
	watch_done(&app->session_watch);
	buf_done(&app->session_secret);
}

/* Where it may not be used any more, it is not at hand either. */
static enum err
power_refresh(struct app *app, struct why *why)
{
	struct watch *w = &app->session_watch;

	if (watch_follow(w, app) == ERR_OK)
		return ERR_OK;
	buf_done(&app->session_secret);
	return why_set(why, w->error, "%s", w->why.text);
}

static enum err
power_open(struct app *app, struct why *why)
{
	enum err e = config_need(app->config, "session_secret", why);

	if (e != ERR_OK)
		return e;
	buf_init(&app->session_secret, SECRET_MAX);
	watch_init(&app->session_watch, &session_secret, app->config->session_secret);
	if ((e = power_refresh(app, why)) != ERR_OK)
		power_close(app);
	return e;
}

const struct power power_session = { "session", power_open, power_refresh, power_close };
