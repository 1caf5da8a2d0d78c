#include "login/login_form.h"
#include "login/login_handlers.h"

#include "access/access.h"
#include "access/step_up.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"

/* Find the signed-in visitor by the cookie. Nobody if its token is not good. */
static void
find_visitor(struct app *app, const struct request *req, struct claims *claims)
{
	struct cookie access = access_cookie(app->config);
	enum jwt_refusal refusal;

	if (token_check(app_signer(app), cookie_get(req, &access), app->now, claims,
			&refusal) != VERDICT_ALLOW ||
	    identity_kind_of(claims) != IDENTITY_LOGIN)
		claims->preferred_username = STR("");
}

/*
 * ?need=fresh asks for a new login although the session could be renewed: before
 * dangerous steps. With &other=1, it asks for that of another account.
 */
static void
show_fresh(struct app *app, const struct request *req, struct response *res, bool other,
	   struct str return_to)
{
	struct login_form form = { .status = 200, .return_to = return_to };
	struct claims claims;

	claims_init(&claims);
	if (other) {
		form.notice = "login.other";
	} else {
		form.notice = "login.fresh";
		find_visitor(app, req, &claims);
		form.username = claims.preferred_username;
	}
	login_form_send(app, req, res, &form);
	claims_done(&claims);
}

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
	struct str return_to, need, unused;

	form_find(visit->form, "return_to", &return_to);
	form.return_to = login_return_to(app, return_to);
	if (form_find(visit->form, "need", &need) == FORM_ONE &&
	    need_find(need) == NEED_NOTHING)
		serve_error(app, req, res, 400, "invalid_request",
			    "need is fresh, factor or phr");
	else if (need.n > 0)
		show_fresh(app, req, res,
			   form_find(visit->form, "other", &unused) == FORM_ONE,
			   form.return_to);
	else if (!may_renew(&form) || !login_renew(app, req, res, form.return_to))
		login_form_send(app, req, res, &form);
}
