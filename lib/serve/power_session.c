#include "serve/power_session.h"

#include "base/log.h"
#include "config/config.h"
#include "serve/secret_file.h"
#include "serve/serve.h"

static enum err
load(void *file, struct why *why)
{
	struct secret_file *s = file;
	bool changed;
	enum err e = secret_file_load(s, &changed, why);

	if (changed)
		LOG(LOG_INFO, "session_secret_changed", { "path", str_of(s->path) });
	return e;
}

static const struct watch_kind session_secret = { .name = "session_secret",
						  .every_ms = 1000,
						  .load = load };

static enum err
power_refresh(const struct app *app, void *opened, struct why *why)
{
	(void)app;
	return secret_file_follow(opened, why);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	enum err e = config_need(app->config, "session_secret", why);

	if (e != ERR_OK)
		return e;
	return secret_file_open(&session_secret, app->config->session_secret, opened,
				why);
}

const struct power power_session = { "session", power_open, power_refresh,
				     secret_file_close };

struct str
app_secret(const struct app *app)
{
	return secret_file_bytes(app_opened(app, &power_session));
}
