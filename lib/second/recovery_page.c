#include "second/recovery_page.h"

#include <stdio.h>

#include "page/page.h"
#include "page/page_power.h"

void
recovery_page_send(struct app *app, const struct request *req, struct response *res,
		   int64_t left, struct str return_to)
{
	char count[24];
	struct page page;

	snprintf(count, sizeof(count), "%lld", (long long)left);
	app_page(app, req, "recovery", &page);
	page_phrase(&page, "left", left > 0 ? "recovery.left" : "recovery.none");
	page_text(&page, "count", str_of(count));
	page_text(&page, "target", return_to);
	page_send(&page, 200, res);
}
