#include "page/page_power.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "serve/serve.h"

#define RETRY_MS 60000

/* People can log in even if the look of the pages is broken. */
static enum err
open_pages(const struct app *app, struct pages *pages, struct why *why)
{
	enum err e = pages_open(pages, app->config, app->program->share, why);

	if (pages->look.logo_wrong.text[0] != '\0')
		LOG(LOG_WARN, "logo_unusable",
		    { "reason", str_of(pages->look.logo_wrong.text) });
	if (pages->is_zone_unknown)
		LOG(LOG_WARN, "time_zone_unknown",
		    { "name", str_of(app->config->time_zone) });
	if (e == ERR_OK)
		return ERR_OK;
	LOG(LOG_ERROR, "built_in_pages_used", { "reason", str_of(why->text) });
	pages_close(pages);
	e = pages_open_built_in(pages, app->config, app->program->share, why);
	pages->next_ms = clock_monotonic_ms() + RETRY_MS;
	return e;
}

static void
power_close(void *opened)
{
	pages_close(opened);
	free(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	struct pages *pages = calloc(1, sizeof(*pages));
	enum err e;

	if (pages == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the pages");
	if ((e = open_pages(app, pages, why)) == ERR_OK)
		*opened = pages;
	else
		power_close(pages);
	return e;
}

/* Try the site's own pages again, while the built-in ones are used instead. */
static enum err
power_refresh(const struct app *app, void *opened, struct why *why)
{
	struct pages *pages = opened;

	if (!pages->built_in || clock_monotonic_ms() < pages->next_ms)
		return ERR_OK;
	pages_close(pages);
	return open_pages(app, pages, why);
}

const struct power power_pages = { "pages", power_open, power_refresh, power_close };

struct pages *
app_pages(const struct app *app)
{
	return app_opened(app, &power_pages);
}

void
app_page(const struct app *app, const struct request *req, const char *name,
	 struct page *page)
{
	struct pages *pages = app_pages(app);
	const struct language *language = pages_language(pages, req);

	page_init(page, pages, language, name);
}

void
app_page_error(const struct app *app, const struct request *req, int status,
	       const char *code, struct response *res)
{
	struct pages *pages = app_pages(app);

	page_error(pages, pages_language(pages, req), status, code, res);
}

struct str
app_page_language(const struct app *app, const struct request *req,
		  char tag[PAGE_LANGUAGE_SIZE])
{
	struct str own = str_of(pages_language(app_pages(app), req)->tag);

	if (own.n == 2)
		return own;
	if (own.n != 5 || own.p[2] != '-')
		return STR("");
	for (size_t i = 0; i < own.n; i++)
		tag[i] = (char)(i > 2 && own.p[i] >= 'a' && own.p[i] <= 'z'
					? own.p[i] - 'a' + 'A'
					: own.p[i]);
	return (struct str){ tag, own.n };
}
