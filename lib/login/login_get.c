#include "entry/login_form.h"
#include "login/login_handlers.h"

/* What was just done elsewhere, as the address says. */
static const char *
notice_of(const struct form *form)
{
	struct str done;

	form_find(form, "done", &done);
	if (str_is(done, "over"))
		return "login.over";
	if (str_is(done, "password"))
		return "login.done_password";
	return str_is(done, "welcome") ? "login.done_welcome" : NULL;
}

/*
 * After most of what ?done says, the browser may hold the session of another account, so
 * it is not renewed. A flow that is over is also one that a second click came too late
 * for: the first has opened a session.
 */
static bool
may_renew(const struct login_form *form)
{
	return form->notice == NULL || str_is(str_of(form->notice), "login.over");
}

void
login_get(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	struct login_form form = { .status = 200, .notice = notice_of(visit->form) };
	struct str return_to, need;

	form_find(visit->form, "return_to", &return_to);
	form.return_to = login_return_to(app, return_to);
	if (form_find(visit->form, "need", &need) == FORM_ONE)
		login_need(app, req, res, visit, form.return_to);
	else if (!may_renew(&form) || !login_renew(app, req, res, form.return_to))
		login_form_send(app, req, res, &form);
}
