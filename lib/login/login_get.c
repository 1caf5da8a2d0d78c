#include "login/login_form.h"
#include "login/login_handlers.h"

/*
 * ?fresh asks for the password although the session could be renewed: before
 * dangerous steps, and to log in as somebody else.
 */
static void
show(struct app *app, const struct request *req, struct response *res, bool fresh,
     struct str return_to)
{
	struct login_form form = { .status = 200, .return_to = return_to };

	if (!fresh && login_renew(app, req, res, return_to))
		return;
	if (fresh)
		form.problem = "login.fresh";
	login_form_send(app, req, res, &form);
}

void
login_get(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	struct str return_to, fresh;

	form_find(visit->form, "return_to", &return_to);
	show(app, req, res, form_find(visit->form, "fresh", &fresh) == FORM_ONE,
	     login_return_to(app, return_to));
}
