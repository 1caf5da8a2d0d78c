#include "admin/admin_pages.h"

#include <stdlib.h>

#include "access/access.h"
#include "access/client.h"
#include "access/csrf.h"
#include "access/step_up.h"
#include "base/log.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/serve.h"

const struct admin *
admin_of(const struct visit *visit)
{
	return visit->found;
}

void
admin_unavailable(struct app *app, const struct request *req, struct response *res,
		  enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "admin_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

/*
 * Lead to the login, and then back to the page. What a form asked for is not done, and
 * the page says so.
 */
static void
lead_to_login(struct app *app, const struct request *req, struct response *res)
{
	struct buf back, location;
	bool has_query = str_index(req->uri, '?') < req->uri.n;

	buf_init(&back, 4096);
	buf_init(&location, 16384);
	buf_add(&back, req->uri);
	if (!request_is_read(req))
		buf_addz(&back, has_query ? "&done=again" : "?done=again");
	if (need_location(&location, NEED_FRESH, buf_str(&back)) && !back.failed)
		response_see_other(res, buf_str(&location));
	else
		serve_error(app, req, res, 403, "insufficient_user_authentication",
			    "the login is too old");
	buf_done(&back);
	buf_done(&location);
}

void
admin_refused(struct app *app, const struct request *req, struct response *res,
	      enum admin_refusal refusal)
{
	switch (refusal) {
	case ADMIN_NO_RIGHT:
		serve_error(app, req, res, 403, "forbidden",
			    "the admin pages need an admin role");
		break;
	case ADMIN_NOT_FRESH:
		lead_to_login(app, req, res);
		break;
	default:
		access_refuse(app, req, res, ACCESS_INVALID, true);
	}
}

bool
admin_visitor(struct app *app, const struct request *req, struct response *res,
	      struct visit *visit)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct why why = { "" };
	struct admin *admin;
	enum err e;

	if (!access_require_browser(app, req, res, &visit->who))
		return false;
	if ((visit->found = admin = calloc(1, sizeof(*admin))) == NULL)
		e = why_set(&why, ERR_MEMORY, "no memory for the admin");
	else
		e = admin_find(app_db(app), visit->who.claims->sid, admin, &refusal,
			       &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	return e == ERR_OK && refusal == ADMIN_GRANTED;
}

bool
admin_form_token(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	struct str token;

	form_find(visit->form, "form_token", &token);
	if (csrf_check(app_secret(app), ADMIN_FORM_PURPOSE, visit->who.claims->sid,
		       app->now, token) == VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "user", visit->who.name }, { "address", client_address(app, req) });
	serve_error(app, req, res, 403, "stale_form",
		    "the form's token is missing, too old or not of this session");
	return false;
}
