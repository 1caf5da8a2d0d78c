#include <stdlib.h>

#include "app/page.h"
#include "app/serve.h"

static enum err
power_open(struct app *app, struct why *why)
{
	enum err e;

	app->pages = calloc(1, sizeof(*app->pages));
	if (app->pages == NULL)
		return ERR_MEMORY;
	e = pages_open(app->pages, app->config, why);
	if (e != ERR_OK) {
		pages_close(app->pages);
		free(app->pages);
		app->pages = NULL;
	}
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

const struct power power_pages = { "pages", power_open, NULL, power_close };
