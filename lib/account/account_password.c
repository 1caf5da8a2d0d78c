#include "account/account.h"

#include <stdio.h>

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "page/phrases.h"
#include "page/rule_phrase.h"
#include "people/password_change.h"
#include "serve/app_flow.h"
#include "serve/power_database.h"
#include "serve/serve.h"

/* What is wrong with the form, and with which of its fields. */
struct problem {
	int status;
	const char *phrase; /* NULL: nothing */
	bool current, next, repeat;
	int64_t wait;
};

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct problem *p)
{
	struct counted_phrase wait = phrases_wait(p->wait);
	bool has_password = account_of(v)->has_password;
	struct why why = { "" };
	struct page page;
	struct buf token;
	char least[24];
	enum err e;

	buf_init(&token, 256);
	snprintf(least, sizeof(least), "%lld",
		 (long long)app->config->password_min_length);
	if ((e = account_page(app, req, v, "password", &token, &page)) == ERR_OK) {
		page_phrase(&page, "problem", p->phrase);
		page_flag(&page, "has_password", has_password);
		page_flag(&page, "has_tokens",
			  account_of(v)->tokens > 0 || account_of(v)->apps > 0);
		page_flag(&page, "current_invalid", p->current);
		page_flag(&page, "next_invalid", p->next);
		page_flag(&page, "repeat_invalid", p->repeat);
		page_flag(&page, "focus_current",
			  p->current || (has_password && !p->next && !p->repeat));
		page_flag(&page, "focus_next",
			  !p->current && (p->next || (!has_password && !p->repeat)));
		page_flag(&page, "focus_repeat", !p->current && !p->next && p->repeat);
		page_phrase(&page, "wait", wait.phrase);
		page_text(&page, "count", str_of(wait.count));
		page_text(&page, "least", str_of(least));
		page_send(&page, p->status, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

void
account_password_show(struct app *app, const struct request *req, struct response *res,
		      const struct visit *v)
{
	const struct problem none = { .status = 200 };

	send(app, req, res, v, &none);
}

static struct problem
problem_of(const struct password_change *c)
{
	switch (c->outcome) {
	case PASSWORD_CHANGE_WAIT:
		return (struct problem){ 429, "password.wait", .wait = c->wait };
	case PASSWORD_CHANGE_RULE:
		return (struct problem){ 422, rule_phrase(c->rule), .next = true };
	case PASSWORD_CHANGE_SAME:
		return (struct problem){ 422, "password.same", .next = true };
	case PASSWORD_CHANGE_GONE:
		return (struct problem){ 409, "password.gone" };
	default:
		return (struct problem){ 403, "password.wrong", .current = true };
	}
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, const struct password_change *c)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct problem problem;
	struct why why = { "" };
	enum err e;

	LOG(c->outcome == PASSWORD_CHANGE_DONE ? LOG_INFO : LOG_WARN,
	    c->outcome == PASSWORD_CHANGE_DONE ? "password_changed" : "password_refused",
	    { "user", v->who.name }, { "address", client_address(app, req) });
	if (c->outcome != PASSWORD_CHANGE_DONE) {
		problem = problem_of(c);
		if (c->outcome == PASSWORD_CHANGE_WAIT)
			serve_retry_after(res, c->wait);
		send(app, req, res, v, &problem);
		return;
	}
	known_device_give(app, res, v->who.claims->sub, c->device_version);
	e = session_end(&hearers, SESSION_END_PASSWORD, NULL, &why);
	if (e == ERR_OK)
		response_see_other(res, STR(URL_ACCOUNT "?done=password"));
	else
		account_unavailable(app, req, res, e, &why);
}

static void
change(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct str current, struct str next, bool programs)
{
	struct password_change_ask ask = {
		.user = v->who.claims->sub,
		.sid = v->who.claims->sid,
		.name = str_of(account_of(v)->session.name),
		.site = str_of(app->config->site_name),
		.address = client_address(app, req),
		.current = current,
		.next = next,
		.first = !account_of(v)->has_password,
		.least = (size_t)app->config->password_min_length,
		.tell = config_has_mail(app->config),
		.programs = programs,
	};
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct password_change result;
	struct flow_policy policy;
	struct why why = { "" };
	enum err e;

	app_flow_policy(app, &policy);
	e = session_end_prepare(&hearers, &why);
	if (e == ERR_OK)
		e = password_change(&policy, &ask, &result, &why);
	if (e == ERR_OK)
		answer(app, req, res, v, &result);
	else
		account_unavailable(app, req, res, e, &why);
}

void
account_password_post(struct app *app, const struct request *req, struct response *res,
		      const struct visit *v)
{
	struct problem missing = { .status = 400, .phrase = "password.missing" };
	struct problem differ = { 422, "password.differ", .next = true, .repeat = true };
	struct str current, next, repeat, tokens;
	bool programs = form_find(v->form, "end_tokens", &tokens) == FORM_ONE;

	form_find(v->form, "current", &current);
	form_find(v->form, "next", &next);
	form_find(v->form, "repeat", &repeat);
	missing.current = current.n == 0 && account_of(v)->has_password;
	missing.next = next.n == 0;
	missing.repeat = repeat.n == 0;
	if (missing.current || missing.next || missing.repeat)
		send(app, req, res, v, &missing);
	else if (!secret_equal(next, repeat))
		send(app, req, res, v, &differ);
	else
		change(app, req, res, v, current, next, programs);
}
