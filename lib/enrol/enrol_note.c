/* The page that says what happened, with one button. */
#include "enrol/enrol_parts.h"
#include "page/page.h"
#include "page/page_power.h"

void
enrol_note(struct app *app, const struct request *req, struct response *res,
	   const struct enrol *e, const struct enrol_note *note)
{
	struct request_origin asker;
	struct page page;
	struct buf token;

	buf_init(&token, 256);
	if (enrol_form(app, req, res, e, &token, &asker)) {
		app_page(app, req, "factor_note", &page);
		page_leads_to(&page, str_of(asker.leads_to));
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "return_to", e->return_to);
		page_text(&page, "username", str_of(e->name));
		page_phrase(&page, "heading", note->heading);
		page_phrase(&page, "lead", note->lead);
		page_phrase(&page, "next", note->next);
		page_text(&page, "what", str_of(note->what));
		page_text(&page, "target", str_of(note->target));
		page_flag(&page, "plain", note->plain);
		page_phrase(&page, "button", note->button);
		page_send(&page, note->status, res);
	}
	buf_done(&token);
}
