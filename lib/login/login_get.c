#include "login/login_form.h"
#include "login/login_handlers.h"

#include "http/form.h"
#include "serve/serve.h"

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
login_get(struct app *app, const struct request *req, struct response *res)
{
	struct str return_to, fresh;
	struct form query;

	if (form_parse(&query, req->query) == ERR_OK &&
	    form_find(&query, "return_to", &return_to) != FORM_TWICE)
		show(app, req, res, form_find(&query, "fresh", &fresh) != FORM_ABSENT,
		     login_return_to(app, return_to));
	else
		serve_error(app, req, res, 400, "invalid_request",
			    "the query is malformed");
	form_done(&query);
}
