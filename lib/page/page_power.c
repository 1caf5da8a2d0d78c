#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "page/page.h"
#include "serve/serve.h"

#define RETRY_MS 60000

/* People can log in whatever is wrong with the look of it. */
static enum err
open_pages(struct app *app, struct why *why)
{
	enum err e = pages_open(app->pages, app->config, why);

	if (e == ERR_OK)
		return ERR_OK;
	LOG(LOG_ERROR, "built_in_pages_used", { "reason", str_of(why->text) });
	pages_close(app->pages);
	e = pages_open_built_in(app->pages, app->config, why);
	app->pages->next_ms = clock_monotonic_ms() + RETRY_MS;
	return e;
}

static void
power_close(struct app *app)
{
	if (app->pages != NULL)
		pages_close(app->pages);
	free(app->pages);
	app->pages = NULL;
}

static enum err
power_open(struct app *app, struct why *why)
{
	enum err e;

	app->pages = calloc(1, sizeof(*app->pages));
	if (app->pages == NULL)
		return ERR_MEMORY;
	if ((e = open_pages(app, why)) != ERR_OK)
		power_close(app);
	return e;
}

/* The site's own pages once more, while the built-in ones stand in for them. */
static enum err
power_refresh(struct app *app, struct why *why)
{
	if (!app->pages->built_in || clock_monotonic_ms() < app->pages->next_ms)
		return ERR_OK;
	pages_close(app->pages);
	return open_pages(app, why);
}

const struct power power_pages = { "pages", power_open, power_refresh, power_close };
