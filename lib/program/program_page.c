/* The form again, with what is wrong with it. */
#include "access/csrf.h"
#include "base/log.h"
#include "page/page_power.h"
#include "page/token_form_list.h"
#include "program/program_parts.h"
#include "serve/power_session.h"
#include "serve/serve.h"

void
program_unavailable(struct app *app, const struct request *req, struct response *res,
		    enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "token_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

void
program_page(struct app *app, const struct request *req, struct response *res,
	     const struct program_visitor *who, const struct form *typed,
	     const struct token_problem *problem)
{
	struct token_form form;
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	e = csrf_issue(app_secret(app), TOKEN_FORM_PURPOSE, str_of(who->sid), app->now,
		       &token);
	if (e == ERR_OK) {
		app_page(app, req, "token", &page);
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "username", str_of(who->owner.name));
		token_form_put(&page, &form, app->config, str_of(who->owner.roles), typed,
			       problem);
		page_send(&page, problem->status, res);
	} else {
		program_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}
