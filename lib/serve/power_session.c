#include "serve/power_session.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/watch.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "serve/serve.h"

#define SECRET_MIN 32 /* bytes */
#define SECRET_MAX 1024

struct session_secret {
	const char *path;
	struct buf bytes;
	struct watch watch;
};

/* The new secret takes the old one's place only when it is good. */
static enum err
load(void *owner, struct why *why)
{
	struct session_secret *s = owner;
	struct buf read;
	enum err e;

	buf_init(&read, SECRET_MAX);
	e = secret_read_file(s->path, SECRET_MAX, &read, why);
	if (e == ERR_OK && read.n < SECRET_MIN)
		e = why_set(why, ERR_LIMIT,
			    "session_secret: %s holds fewer than %d bytes", s->path,
			    SECRET_MIN);
	if (e != ERR_OK || secret_equal(buf_str(&read), buf_str(&s->bytes))) {
		buf_done(&read);
		return e;
	}
	if (s->bytes.n > 0)
		LOG(LOG_INFO, "session_secret_changed", { "path", str_of(s->path) });
	buf_done(&s->bytes);
	s->bytes = read;
	return ERR_OK;
}

static const struct watch_kind session_secret = { .name = "session_secret",
						  .every_ms = 1000,
						  .load = load };

static void
power_close(void *opened)
{
	struct session_secret *s = opened;

	watch_done(&s->watch);
	buf_done(&s->bytes);
	free(s);
}

/* Where it may not be used any more, it is not at hand either. */
static enum err
power_refresh(const struct app *app, void *opened, struct why *why)
{
	struct session_secret *s = opened;

	(void)app;
	if (watch_follow(&s->watch, s) == ERR_OK)
		return ERR_OK;
	buf_done(&s->bytes);
	return why_set(why, s->watch.error, "%s", s->watch.why.text);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	enum err e = config_need(app->config, "session_secret", why);
	struct session_secret *s;

	if (e != ERR_OK)
		return e;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the session secret");
	s->path = app->config->session_secret;
	buf_init(&s->bytes, SECRET_MAX);
	watch_init(&s->watch, &session_secret, s->path);
	if ((e = power_refresh(app, s, why)) == ERR_OK)
		*opened = s;
	else
		power_close(s);
	return e;
}

const struct power power_session = { "session", power_open, power_refresh, power_close };

struct str
app_secret(const struct app *app)
{
	const struct session_secret *s = app_opened(app, &power_session);

	return s != NULL ? buf_str(&s->bytes) : STR("");
}
