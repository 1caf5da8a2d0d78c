#include "login/login_form.h"
#include "login/login_handlers.h"

#include "access/access.h"
#include "serve/power_sign.h"
#include "token/token.h"

/* Who is signed in here, by the cookie; nobody when its token is no good. */
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
 * ?fresh=1 asks for the password although the session could be renewed: before
 * dangerous steps; with &other=1, for that of another account.
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

void
login_get(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	struct login_form form = { .status = 200 };
	struct str return_to, unused;

	form_find(visit->form, "return_to", &return_to);
	form.return_to = login_return_to(app, return_to);
	if (form_find(visit->form, "fresh", &unused) == FORM_ONE)
		show_fresh(app, req, res,
			   form_find(visit->form, "other", &unused) == FORM_ONE,
			   form.return_to);
	else if (!login_renew(app, req, res, form.return_to))
		login_form_send(app, req, res, &form);
}
