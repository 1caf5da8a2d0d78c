#include "login/login_try.h"

#include "base/clock.h"
#include "base/log.h"
#include "login/login_cookies.h"
#include "page/hearers.h"
#include "page/login_common.h"
#include "serve/power_database.h"

/* Never the name that was typed on a failure: it may be the password. */
static void
log_outcome(const struct login *l, struct str address)
{
	struct str reason = str_of(l->reason);

	switch (l->outcome) {
	case LOGIN_ALLOWED:
		LOG(LOG_INFO, "login_ok", { "user", str_of(l->session.name) },
		    { "sub", str_of(l->session.user_id) }, { "address", address });
		break;
	case LOGIN_THROTTLED:
		if (l->too_often)
			LOG(LOG_WARN, "login_too_often", { "address", address });
		else
			LOG(LOG_WARN, "login_throttled", { "reason", reason },
			    { "address", address });
		break;
	default:
		LOG(LOG_WARN, "login_failed", { "reason", reason },
		    { "address", address });
	}
}

enum err
login_try_run(struct app *app, const struct request *req, const struct login_ask *ask,
	      struct login *l)
{
	struct cookie device = login_cookie_device(app->config);
	struct cookie session = login_cookie_session(app->config);
	struct str address = login_address(app, req);
	struct login_try try = { .name = ask->name,
				 .password = ask->password,
				 .address = address,
				 .agent = request_env(req, "HTTP_USER_AGENT"),
				 .device = ask->device,
				 .now = app->now,
				 .remember = ask->remember,
				 .browser = ask->browser };
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct login_policy policy;
	struct why why = { "" };
	enum err e;

	if (ask->browser) {
		try.device = login_cookie_get(req, &device);
		try.replaces = login_cookie_get(req, &session);
	}
	login_policy_of(app, &policy);
	e = login_check(&policy, &try, l, &why);
	/*
	 * The password's hash and the database have taken their time. Counted from the
	 * request's beginning, auth_time would be earlier than the session's opening,
	 * which the tokens of its renewals state.
	 */
	if (e == ERR_OK && (e = clock_now(&app->now)) != ERR_OK)
		why_set(&why, e, "%s", err_text(e));
	if (e == ERR_OK) {
		log_outcome(l, address);
		if (l->outcome == LOGIN_ALLOWED && l->displaced)
			session_end(&hearers, SESSION_END_DISPLACED, NULL, &why);
	} else {
		LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	}
	return e;
}
