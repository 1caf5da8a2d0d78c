#include "access/access.h"
#include "access/client.h"
#include "base/log.h"
#include "base/text.h"
#include "http/response.h"
#include "oauth/authorize/authorize.h"
#include "oauth/authorize/authorize_form_page.h"
#include "serve/power_database.h"
#include "serve/serve.h"

bool
authorize_owner(struct app *app, const struct request *req, struct response *res,
		struct visit *visit)
{
	return access_require_browser(app, req, res, &visit->who);
}

/* The person says no: the client is told, and the request is over. */
static void
deny(struct authorize *a)
{
	struct str browser = { (char *)a->browser, sizeof(a->browser) };
	struct refusal refusal;
	struct why why = { "" };
	bool found;
	enum err e =
		oauth_request_end(app_db(a->app), str_of(a->id), browser, &found, &why);

	refusal_set(&refusal, "access_denied", "the person has not allowed it");
	if (e != ERR_OK)
		authorize_unavailable(a, e, &why);
	else
		authorize_send_error(a, &refusal);
}

/* The page was open for too long, or of another session, or something has changed since. */
static void
ask_again(struct authorize *a)
{
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "user", a->look.user_name }, { "address", client_address(a->app, a->req) });
	if (!a->look.here)
		authorize_go_on(a);
	else if (!a->look.may)
		authorize_page_forbidden(a);
	else
		authorize_page_ask(a, 403, "oauth_consent.stale");
}

static void
take(struct authorize *a, struct str token, bool allow)
{
	if (!authorize_token_is_good(a, token)) {
		ask_again(a);
	} else if (allow) {
		a->allowed = true;
		authorize_go_on(a);
	} else {
		deny(a);
	}
}

void
authorize_consent(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit)
{
	struct str id, button, token;
	struct authorize a;

	form_find(visit->form, "id", &id);
	form_find(visit->form, "do", &button);
	form_find(visit->form, "form_token", &token);
	if (!text_is_uuid(id) || (!str_is(button, "allow") && !str_is(button, "deny"))) {
		serve_error(app, req, res, 400, "invalid_request",
			    "id is of a request, and do is allow or deny");
		return;
	}
	authorize_init(&a, app, req, res);
	authorize_take_person(&a, &visit->who);
	if (authorize_find_stored(&a, id) && authorize_judge(&a, a.row.query))
		take(&a, token, str_is(button, "allow"));
	authorize_done(&a);
}
