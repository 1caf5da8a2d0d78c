#include "visitor/visitor.h"

#include "access/urls.h"
#include "access/visitors.h"
#include "mail/mail_request.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "page/visitor_form.h"
#include "page/ways_in.h"
#include "serve/serve.h"
#include "visitor/ask.h"

#define PURPOSE "forgot"

bool
forgot_visitor(struct app *app, const struct request *req, struct response *res,
	       struct visit *visit)
{
	(void)visit;
	if (ways_in_forgot(app->config))
		return true;
	serve_error(app, req, res, 404, "not_found", "no mail is sent here");
	return false;
}

bool
forgot_own_page(struct app *app, const struct request *req, struct response *res,
		struct visit *visit)
{
	return forgot_visitor(app, req, res, visit) &&
	       visitor_own_page(app, req, res, visit);
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct ask_form *form)
{
	struct counted_phrase wait = phrases_wait(form->wait);
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	e = visitor_form_issue(app, req, res, PURPOSE, &token);
	if (e == ERR_OK) {
		app_page(app, req, "forgot", &page);
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "typed", form->typed);
		page_phrase(&page, "problem", form->problem);
		page_phrase(&page, "wait", wait.phrase);
		page_text(&page, "count", str_of(wait.count));
		page_send(&page, form->status, res);
	} else {
		serve_unavailable(app, req, res, e);
	}
	buf_done(&token);
}

void
forgot_show(struct app *app, const struct request *req, struct response *res,
	    const struct visit *visit)
{
	const struct ask_form form = { .status = 200 };
	const struct note sent = { .status = 200,
				   .heading = "note.sent",
				   .lead = "note.forgot_sent_lead",
				   .next = "note.sent_next",
				   .target = URL_LOGIN,
				   .button = "note.sign_in" };
	struct str done;

	if (form_find(visit->form, "done", &done) == FORM_ONE)
		note_send(app, req, res, &sent);
	else
		send(app, req, res, &form);
}

bool
forgot_form_token(struct app *app, const struct request *req, struct response *res,
		  struct visit *visit)
{
	struct ask_form stale = { .status = 403, .problem = "forgot.stale" };
	struct str token;

	form_find(visit->form, "form_token", &token);
	form_find(visit->form, "who", &stale.typed);
	if (stale.typed.n > ASK_MAX)
		stale.typed = STR("");
	switch (visitor_form_check(app, req, PURPOSE, token)) {
	case VISITOR_FORM_GOOD:
		return true;
	case VISITOR_FORM_NO_COOKIES:
		note_send_no_cookies(app, req, res, URL_ACCOUNT_FORGOT);
		return false;
	default:
		send(app, req, res, &stale);
		return false;
	}
}

/* Nothing here depends on whom the text names. */
static const char *
problem_of(struct str who)
{
	if (who.n == 0)
		return "forgot.missing";
	return who.n > ASK_MAX ? "forgot.too_long" : NULL;
}

void
forgot_post(struct app *app, const struct request *req, struct response *res,
	    const struct visit *visit)
{
	struct ask_form form = { .status = 400 };
	struct why why = { "" };
	enum err e;

	form_find(visit->form, "who", &form.typed);
	form.typed = str_trim(form.typed);
	form.problem = problem_of(form.typed);
	e = ask_keep(app, req, res, MAIL_REQUEST_FORGOT, &form, &why);
	if (form.wait > 0)
		form.problem = "forgot.wait";
	if (form.typed.n > ASK_MAX)
		form.typed = STR("");
	if (e != ERR_OK)
		note_unavailable(app, req, res, e, &why);
	else if (form.problem != NULL)
		send(app, req, res, &form);
	else
		response_see_other(res, STR(URL_ACCOUNT_FORGOT "?done=sent"));
}
