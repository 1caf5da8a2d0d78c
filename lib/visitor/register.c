#include "visitor/visitor.h"

#include "access/urls.h"
#include "access/visitors.h"
#include "config/config.h"
#include "mail/mail_address.h"
#include "mail/mail_request.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "page/visitor_form.h"
#include "page/ways_in.h"
#include "serve/serve.h"
#include "visitor/ask.h"

#define PURPOSE "register"

bool
register_visitor(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	(void)visit;
	if (ways_in_register(app->config))
		return true;
	serve_error(app, req, res, 404, "not_found", "registration is not open");
	return false;
}

bool
register_own_page(struct app *app, const struct request *req, struct response *res,
		  struct visit *visit)
{
	return register_visitor(app, req, res, visit) &&
	       visitor_own_page(app, req, res, visit);
}

/* "example.org, example.net"; empty: any */
static void
list_domains(const struct config *config, struct buf *out)
{
	for (size_t i = 0; i < config->registration_domains.n; i++) {
		buf_addz(out, i == 0 ? "" : ", ");
		buf_addz(out, config->registration_domains.items[i]);
	}
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct ask_form *form)
{
	struct counted_phrase wait = phrases_wait(form->wait);
	struct buf token, domains;
	struct page page;
	enum err e;

	buf_init(&token, 256);
	buf_init(&domains, 16384);
	list_domains(app->config, &domains);
	e = visitor_form_issue(app, req, res, PURPOSE, &token);
	if (e == ERR_OK) {
		app_page(app, req, "registration", &page);
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "typed", form->typed);
		page_text(&page, "domains", buf_str(&domains));
		page_phrase(&page, "problem", form->problem);
		page_phrase(&page, "wait", wait.phrase);
		page_text(&page, "count", str_of(wait.count));
		page_send(&page, form->status, res);
	} else {
		serve_unavailable(app, req, res, e);
	}
	buf_done(&domains);
	buf_done(&token);
}

void
register_show(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	const struct ask_form form = { .status = 200 };
	const struct note sent = { .status = 200,
				   .heading = "note.sent",
				   .lead = "note.register_sent_lead",
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
register_form_token(struct app *app, const struct request *req, struct response *res,
		    struct visit *visit)
{
	struct ask_form stale = { .status = 403, .problem = "registration.stale" };
	struct str token;

	form_find(visit->form, "form_token", &token);
	form_find(visit->form, "address", &stale.typed);
	if (stale.typed.n > ASK_MAX)
		stale.typed = STR("");
	switch (visitor_form_check(app, req, PURPOSE, token)) {
	case VISITOR_FORM_GOOD:
		return true;
	case VISITOR_FORM_NO_COOKIES:
		note_send_no_cookies(app, req, res, URL_ACCOUNT_REGISTER);
		return false;
	default:
		send(app, req, res, &stale);
		return false;
	}
}

/* The worker checks it again (register_decide). */
static bool
is_of(struct str address, const struct config_list *domains)
{
	struct str domain = mail_address_domain(address);

	for (size_t i = 0; i < domains->n; i++)
		if (str_eq_nocase(domain, str_of(domains->items[i])))
			return true;
	return domains->n == 0;
}

/* What is wrong with an address, whoever owns it. NULL: nothing. */
static const char *
problem_of(const struct config *config, struct str address)
{
	if (address.n == 0)
		return "registration.missing";
	if (!mail_address_is_valid(address))
		return "registration.no_address";
	return is_of(address, &config->registration_domains) ? NULL
							     : "registration.elsewhere";
}

void
register_post(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	struct ask_form form = { .status = 422 };
	struct why why = { "" };
	enum err e;

	form_find(visit->form, "address", &form.typed);
	form.typed = str_trim(form.typed);
	form.problem = problem_of(app->config, form.typed);
	if (form.typed.n == 0)
		form.status = 400;
	e = ask_keep(app, req, res, MAIL_REQUEST_REGISTER, &form, &why);
	if (form.wait > 0)
		form.problem = "registration.wait";
	if (form.typed.n > ASK_MAX)
		form.typed = STR("");
	if (e != ERR_OK)
		note_unavailable(app, req, res, e, &why);
	else if (form.problem != NULL)
		send(app, req, res, &form);
	else
		response_see_other(res, STR(URL_ACCOUNT_REGISTER "?done=sent"));
}
