/* GET and POST /login/factor. */
#include "enrol/enrol.h"

#include <stdlib.h>

#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "access/visitors.h"
#include "base/log.h"
#include "enrol/enrol_parts.h"
#include "entry/login_form.h"
#include "login/login_mfa.h"
#include "serve/power_session.h"
#include "serve/serve.h"

/* Not on other pages: a browser that names no page in its forms is refused. */
static bool
has_token(struct str query)
{
	while (query.n > 0)
		if (str_starts_with(str_cut(&query, '&'), STR("token=")))
			return true;
	return false;
}

bool
enrol_visitor(struct app *app, const struct request *req, struct response *res,
	      struct visit *visit)
{
	(void)app;
	(void)visit;
	if (has_token(req->query))
		response_headerz(res, "Referrer-Policy", "no-referrer");
	return true;
}

/* Where the person is led in the end. */
static struct str
return_to_of(const struct app *app, const struct form *form)
{
	struct str return_to;

	form_find(form, "return_to", &return_to);
	return login_return_to(app, return_to);
}

static void
show(struct app *app, const struct request *req, struct response *res,
     const struct enrol *e, const struct form *form)
{
	static const struct enrol_note mailed = { .status = 200,
						  .heading = "factor.mailed",
						  .lead = "factor.mailed_lead",
						  .next = "factor.mailed_next",
						  .what = "link",
						  .button = "factor.mailed_button" };
	bool ready = e->kind == ENROL_FLOW ? !e->needs_link && !e->needs_proof
					   : e->kind == ENROL_SESSION &&
						     !e->stale_login && !e->stale_factor;
	struct str done, step;

	form_find(form, "done", &done);
	form_find(form, "step", &step);
	if (e->kind == ENROL_FLOW && e->needs_link && str_is(done, "mailed"))
		enrol_note(app, req, res, e, &mailed);
	else if (ready && str_is(step, "app") && e->set_up.n > 0)
		enrol_totp_show(app, req, res, e, 200, NULL);
	else
		enrol_page(app, req, res, e, 200, NULL);
}

void
enrol_get(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	struct enrol e = { .return_to = return_to_of(app, visit->form) };
	struct why why = { "" };
	struct str token;
	enum err err;

	if (form_find(visit->form, "token", &token) == FORM_ONE) {
		enrol_link_arrive(app, req, res, token, e.return_to);
		return;
	}
	if ((err = enrol_find(app, req, &e, &why)) != ERR_OK)
		enrol_unavailable(app, req, res, err, &why);
	else
		show(app, req, res, &e, visit->form);
}

/* Another login may have begun in this browser since. Then its page is shown. */
bool
enrol_form_token(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	struct enrol *e = calloc(1, sizeof(*e));
	struct why why = { "no memory" };
	struct str token;
	enum err err = ERR_MEMORY;

	visit->found = e;
	form_find(visit->form, "form_token", &token);
	if (e != NULL) {
		e->return_to = return_to_of(app, visit->form);
		err = enrol_find(app, req, e, &why);
	}
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
		return false;
	}
	if (e->kind == ENROL_NOBODY) {
		enrol_page(app, req, res, e, 303, NULL);
		return false;
	}
	if (csrf_check(app_secret(app), ENROL_FORM_PURPOSE, e->binding, app->now,
		       token) == VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "address", client_address(app, req) });
	enrol_page(app, req, res, e, 403, "factor.stale");
	return false;
}

/* What the form asks for, once it is known who may set up. */
static void
act(struct app *app, const struct request *req, struct response *res,
    const struct enrol *e, const struct form *form)
{
	struct str what, code, passkey, name;

	form_find(form, "do", &what);
	form_find(form, "code", &code);
	form_find(form, "passkey", &passkey);
	form_find(form, "name", &name);
	if (str_is(what, "totp"))
		enrol_totp_begin(app, req, res, e);
	else if (str_is(what, "confirm"))
		enrol_totp_confirm(app, req, res, e, code);
	else if (str_is(what, "passkey"))
		enrol_passkey(app, req, res, e, passkey, name);
	else if (str_is(what, "recovery"))
		enrol_recovery(app, req, res, e);
	else
		serve_error(
			app, req, res, 400, "invalid_request",
			"do is totp, confirm, passkey, recovery, link, open or prove");
}

void
enrol_post(struct app *app, const struct request *req, struct response *res,
	   const struct visit *visit)
{
	const struct enrol *e = visit->found;
	struct str what, code;

	form_find(visit->form, "do", &what);
	form_find(visit->form, "code", &code);
	if (e->kind == ENROL_LINK && str_is(what, "open"))
		enrol_link_use(app, req, res, e);
	else if (e->kind == ENROL_FLOW && str_is(what, "link"))
		enrol_link_mail(app, req, res, e);
	else if (e->kind == ENROL_FLOW && str_is(what, "prove"))
		enrol_prove(app, req, res, e, code);
	else if (e->kind == ENROL_LINK || e->needs_link || e->needs_proof ||
		 str_is(what, "open") || str_is(what, "link"))
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
	else
		act(app, req, res, e, visit->form);
}
