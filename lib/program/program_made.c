/* The page that shows a new token, once. */
#include "config/config.h"
#include "page/page_power.h"
#include "program/program_parts.h"

void
program_made_page(struct app *app, const struct request *req, struct response *res,
		  const struct program_wish *wish, struct str token)
{
	struct moment until;
	struct page page;

	app_page(app, req, "token_made", &page);
	page_text(&page, "token", token);
	page_text(&page, "label", wish->label);
	page_text(&page, "address", str_of(app->config->public_url));
	page_text(&page, "prefix", buf_str(&wish->prefix));
	page_time(&page, "until", app->now + wish->life, &until);
	page_send(&page, 200, res);
}
