#include "entry/login_form.h"

#include "access/urls.h"
#include "config/config.h"
#include "entry/login_asker.h"
#include "entry/login_passkey.h"
#include "http/target.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "page/visitor_form.h"
#include "page/ways_in.h"
#include "serve/serve.h"

/* `path` is `url`, or below it, or has a query. */
static bool
is_at(struct str path, struct str url)
{
	return str_starts_with(path, url) &&
	       (path.n == url.n || path.p[url.n] == '/' || path.p[url.n] == '?');
}

/* Back to the login leads in a circle. The set-up of a factor is below it, and does not. */
static bool
is_login(struct str path)
{
	return is_at(path, STR(URL_LOGIN)) && !is_at(path, STR(URL_LOGIN_FACTOR));
}

struct str
login_return_to(const struct app *app, struct str return_to)
{
	const struct config_list *origins = &app->config->return_to_origins;

	if (is_login(return_to) ||
	    !target_is_allowed(return_to, origins->items, origins->n))
		return STR("/");
	return return_to;
}

/* What was typed. Before that, whom the program expects that asks for the login. */
static struct str
name_of(const struct login_form *form, const struct request_origin *asker)
{
	return form->typed || asker->login_hint[0] == '\0' ? form->username
							   : str_of(asker->login_hint);
}

/* That somebody has to sign in again is the wish of that program, if there is one. */
static const char *
notice_of(const struct login_form *form, const struct request_origin *asker)
{
	bool fresh = str_is(str_of(form->notice), "login.fresh");

	return fresh && asker->client_name[0] != '\0' ? "login.fresh_asker"
						      : form->notice;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct login_form *form, const struct request_origin *asker, struct str token,
     struct str passkey_options)
{
	static const char *const labels[] = {
		[LOGIN_BY_NAME] = "login.username",
		[LOGIN_BY_ADDRESS] = "login.address",
		[LOGIN_BY_BOTH] = "login.either",
	};
	struct counted_phrase wait = phrases_wait(form->wait);
	struct str username = name_of(form, asker);
	struct page page;

	app_page(app, req, "login", &page);
	page_leads_to(&page, str_of(asker->leads_to));
	page_text(&page, "asker", str_of(asker->client_name));
	page_text(&page, "form_token", token);
	page_text(&page, "return_to", form->return_to);
	page_text(&page, "username", username);
	page_phrase(&page, "username_label", labels[app->config->login_by]);
	page_phrase(&page, "problem", form->problem);
	page_phrase(&page, "notice", notice_of(form, asker));
	page_flag(&page, "username_invalid", form->username_wrong);
	page_flag(&page, "password_invalid", form->password_wrong);
	page_flag(&page, "focus_username",
		  username.n == 0 || (form->username_wrong && !form->password_wrong));
	page_flag(&page, "remember", form->remember);
	page_phrase(&page, "wait", wait.phrase);
	page_text(&page, "count", str_of(wait.count));
	page_text(&page, "passkey_options", passkey_options);
	page_flag(&page, "forgot", ways_in_forgot(app->config));
	page_flag(&page, "register", ways_in_register(app->config));
	page_send(&page, form->status, res);
}

void
login_form_send(struct app *app, const struct request *req, struct response *res,
		const struct login_form *form)
{
	struct request_origin asker;
	struct buf bound, token, options;
	enum err e;

	buf_init(&bound, 256);
	buf_init(&token, 256);
	buf_init(&options, 1024);
	e = login_asker_find(app, req, form->return_to, &asker);
	if (e == ERR_OK)
		e = visitor_form_binding(app, req, res, &bound);
	if (e == ERR_OK)
		e = visitor_form_token(app, LOGIN_FORM_PURPOSE, buf_str(&bound), &token);
	if (e == ERR_OK)
		e = login_passkey_options(app, res, buf_str(&bound), STR(""), &options);
	if (e == ERR_OK)
		send(app, req, res, form, &asker, buf_str(&token), buf_str(&options));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&bound);
	buf_done(&token);
	buf_done(&options);
}
