#include "page/page_refuse.h"

#include "access/origin.h"
#include "config/config.h"
#include "http/target.h"
#include "page/page.h"
#include "page/page_power.h"

/* The page with the form, if it was a page of this site. */
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

	app_page(app, req, "notdone", &page);
	page_text(&page, "return_to", came_from(app, req));
	page_send(&page, 401, resp);
}

void
page_refuse(struct app *app, const struct request *req, struct response *resp, int status,
	    const char *code, const char *description)
{
	struct str c = str_of(code);

	(void)description;
	if (app_pages(app) == NULL)
		response_error(resp, status, code, description);
	else if (str_is(c, "not_done"))
		send_not_done(app, req, resp);
	else if (status == 503)
		app_page_error(app, req, status, "unavailable", resp);
	else if (str_is(c, "invalid_token"))
		app_page_error(app, req, status, "unauthorized", resp);
	else
		app_page_error(app, req, status, code, resp);
}
