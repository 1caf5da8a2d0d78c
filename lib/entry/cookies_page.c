#include "entry/cookies_page.h"

#include "page/page.h"
#include "page/page_power.h"

void
cookies_page_send(struct app *app, const struct request *req, struct response *res,
		  struct str return_to)
{
	struct page page;

	app_page(app, req, "cookies", &page);
	page_text(&page, "return_to", return_to);
	page_send(&page, 403, res);
}
