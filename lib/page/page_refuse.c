#include "page/page_refuse.h"

#include "access/origin.h"
#include "config/config.h"
#include "http/target.h"
#include "page/page.h"
#include "page/page_power.h"

/* The page that a form was on, when it was one of this site. */
static struct str
came_from(const struct app *app, const struct request *req)
{
	struct str path;

	if (!origin_holds(str_of(app->config->public_url),
			  request_env(req, "HTTP_REFERER"), &path) ||
	    !target_is_path(path))
		return STR("/");
	return path;
}

static void
send_not_done(struct app *app, const struct request *req, struct response *resp)
{
	struct page page;

	page_init(&page, app_pages(app), "notdone");
	page_text(&page, "return_to", came_from(app, req));
	page_send(&page, 401, resp);
}

void
page_refuse(struct app *app, const struct request *req, struct response *resp, int status,
	    const char *code, const char *description)
{
	struct pages *pages = app_pages(app);
	struct str c = str_of(code);

	(void)description;
	if (pages == NULL)
		response_error(resp, status, code, description);
	else if (str_is(c, "not_done"))
		send_not_done(app, req, resp);
	else if (status == 503)
		page_error(pages, status, "unavailable", resp);
	else if (str_is(c, "invalid_token"))
		page_error(pages, status, "unauthorized", resp);
	else
		page_error(pages, status, code, resp);
}
