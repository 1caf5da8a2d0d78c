#include "account/account.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "serve/power_database.h"
#include "serve/serve.h"

static enum err
end_one(struct app *app, const struct visit *v, struct str id, struct str address,
	struct why *why)
{
	bool ended = false;
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum err e = session_end_prepare(&hearers, why);

	if (e == ERR_OK)
		e = accounts_session_end(app_db(app), v->who.claims->sub, id, address,
					 &ended, why);
	/* already over: that was wanted, and the verifiers are told once more */
	if (e == ERR_OK)
		e = session_end(&hearers, SESSION_END_USER, NULL, why);
	if (e == ERR_OK)
		LOG(LOG_INFO, "session_ended", { "user", v->who.name }, { "session", id },
		    { "ended", ended ? STR("yes") : STR("no") }, { "address", address });
	return e;
}

static enum err
end_others(struct app *app, const struct visit *v, struct str address,
	   struct response *res, struct why *why)
{
	int64_t device = 0;
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum err e = session_end_prepare(&hearers, why);

	if (e == ERR_OK)
		e = accounts_sessions_end(app_db(app), v->who.claims->sub,
					  v->who.claims->sid, address, &device, why);
	if (e == ERR_OK)
		known_device_give(app, res, v->who.claims->sub, device);
	if (e == ERR_OK)
		e = session_end(&hearers, SESSION_END_USER, NULL, why);
	if (e == ERR_OK)
		LOG(LOG_INFO, "sessions_ended", { "user", v->who.name },
		    { "address", address });
	return e;
}

void
account_end(struct app *app, const struct request *req, struct response *res,
	    const struct visit *v)
{
	struct str address = client_address(app, req);
	const char *back = URL_ACCOUNT "?done=ended";
	struct why why = { "" };
	struct str id, others;
	enum err e;

	if (form_find(v->form, "others", &others) == FORM_ONE) {
		if (!account_is_fresh_for(app, res, v, STR(URL_ACCOUNT "?again=others")))
			return;
		back = URL_ACCOUNT "?done=others";
		e = end_others(app, v, address, res, &why);
	} else if (form_find(v->form, "session", &id) == FORM_ONE && text_is_uuid(id)) {
		e = end_one(app, v, id, address, &why);
	} else {
		serve_error(app, req, res, 400, "invalid_request",
			    "the form names no session to end");
		return;
	}
	if (e == ERR_OK)
		response_see_other(res, str_of(back));
	else
		account_unavailable(app, req, res, e, &why);
}
