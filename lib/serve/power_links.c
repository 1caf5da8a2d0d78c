#include "serve/power_links.h"

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
		LOG(LOG_INFO, "mail_key_changed", { "path", str_of(s->path) });
	return e;
}

static const struct watch_kind mail_key = { .name = "mail_key",
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
	return secret_file_open(&mail_key, app->config->mail_key, opened, why);
}

const struct power power_links = { "links", power_open, power_refresh,
				   secret_file_close };

struct str
app_mail_key(const struct app *app)
{
	return secret_file_bytes(app_opened(app, &power_links));
}
