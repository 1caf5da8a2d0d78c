#include "visitor/link_form.h"

#include <stdio.h>

#include "access/csrf.h"
#include "config/config.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/power_session.h"
#include "serve/serve.h"

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct link_shown *shown, const struct link_form *form, struct str token)
{
	const struct link_words *words = link_words_of(shown);
	bool focus_mail = form->mail_wrong && !form->name_wrong;
	bool focus_password =
		words->wants_password && !focus_mail &&
		(!words->wants_name || (form->password_wrong && !form->name_wrong));
	struct page page;
	char least[24];

	snprintf(least, sizeof(least), "%lld",
		 (long long)app->config->password_min_length);
	app_page(app, req, "link", &page);
	page_text(&page, "form_token", token);
	page_phrase(&page, "heading", words->heading);
	page_phrase(&page, "lead", words->lead);
	page_phrase(&page, "button", words->button);
	page_phrase(&page, "problem", form->problem);
	page_flag(&page, "wants_name", words->wants_name);
	page_flag(&page, "wants_mail", words->wants_mail);
	page_flag(&page, "wants_password", words->wants_password);
	page_flag(&page, "passkey", link_words_alone(app, words));
	page_flag(&page, "self", words->self);
	page_text(&page, "username",
		  words->wants_name ? form->name : str_of(shown->link.name));
	page_text(&page, "address", str_of(shown->link.address));
	page_text(&page, "mail", form->mail);
	page_flag(&page, "name_invalid", form->name_wrong);
	page_flag(&page, "mail_invalid", form->mail_wrong);
	page_flag(&page, "password_invalid", form->password_wrong);
	page_flag(&page, "repeat_invalid", form->repeat_wrong);
	page_flag(&page, "focus_name",
		  words->wants_name && !focus_mail && !focus_password);
	page_flag(&page, "focus_mail", focus_mail);
	page_flag(&page, "focus_password", focus_password);
	page_text(&page, "least", str_of(least));
	page_send(&page, form->status, res);
}

void
link_form_send(struct app *app, const struct request *req, struct response *res,
	       const struct link_shown *shown, struct str text,
	       const struct link_form *form)
{
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	e = csrf_issue(app_secret(app), LINK_FORM_PURPOSE, text, app->now, &token);
	if (e == ERR_OK)
		send(app, req, res, shown, form, buf_str(&token));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&token);
}
