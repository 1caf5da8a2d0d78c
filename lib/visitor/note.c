#include "visitor/note.h"

#include "base/log.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/serve.h"

void
note_send(struct app *app, const struct request *req, struct response *res,
	  const struct note *note)
{
	struct page page;

	app_page(app, req, "note", &page);
	page_phrase(&page, "heading", note->heading);
	page_phrase(&page, "lead", note->lead);
	page_phrase(&page, "next", note->next);
	page_text(&page, "target", str_of(note->target));
	page_phrase(&page, "button", note->button);
	page_send(&page, note->status, res);
}

void
note_send_no_cookies(struct app *app, const struct request *req, struct response *res,
		     const char *target)
{
	const struct note note = { .status = 403,
				   .heading = "cookies.heading",
				   .lead = "note.cookies",
				   .next = "note.cookies_next",
				   .target = target,
				   .button = "cookies.again" };

	note_send(app, req, res, &note);
}

void
note_unavailable(struct app *app, const struct request *req, struct response *res,
		 enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "account_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}
