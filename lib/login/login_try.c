#include "login/login_try.h"

#include "access/client.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "login/login_cookies.h"
#include "login/login_token.h"
#include "page/agent.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "serve/app_flow.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "token/token.h"
#include "worker/worker.h"
#include "json/json.h"

/* Never log the name of a failed try: it may be the password. */
static void
log_outcome(const struct flow *flow, const struct session *session)
{
	struct str address = str_of(flow->address);
	struct str reason = str_of(flow->reason);

	switch (flow->state) {
	case FLOW_OPENED:
		LOG(LOG_INFO, "login_ok", { "user", str_of(session->name) },
		    { "sub", str_of(session->user_id) }, { "address", address });
		break;
	case FLOW_THROTTLED:
		if (flow->too_often)
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

/*
 * The text for the mail about a login from a new browser. Empty: the site sends none.
 */
static void
put_news(const struct app *app, const struct request *req, struct buf *news)
{
	struct agent agent = agent_read(request_env(req, "HTTP_USER_AGENT"));

	if (!app->config->mail_new_browser || !config_has_mail(app->config))
		return;
	json_put_open(news, '{');
	if (agent.browser.n > 0)
		json_put_member(news, "browser", agent.browser);
	if (agent.system.n > 0)
		json_put_member(news, "system", agent.system);
	json_put_member(news, "network", client_address(app, req));
	json_put_close(news, '}');
}

/* Take the flow from the first step to the last one that the present proof leads to. */
static enum err
go_through(struct app *app, const struct request *req, const struct login_ask *ask,
	   struct str news, struct flow *flow, struct flow_opened *opened,
	   struct why *why)
{
	struct cookie device = known_device_cookie(app->config);
	struct cookie session = login_cookie_session(app->config);
	const struct proof password = { &proof_password, ask->password };
	const struct flow_ask who = {
		.name = ask->name,
		.address = client_address(app, req),
		.device = ask->browser ? cookie_get(req, &device) : ask->device,
		.now = app->now,
	};
	const struct flow_wishes wishes = {
		.agent = request_env(req, "HTTP_USER_AGENT"),
		.replaces = ask->browser ? cookie_get(req, &session) : STR(""),
		.news = news,
		.remember = ask->remember,
		.browser = ask->browser,
		.now = app->now,
	};
	struct flow_policy policy;
	enum err e;

	app_flow_policy(app, &policy);
	e = flow_begin(&policy, &who, flow, why);
	if (e == ERR_OK && flow->state == FLOW_WANTS)
		e = flow_prove(&policy, flow, &password, why);
	if (e == ERR_OK && flow->state == FLOW_PROVEN)
		e = flow_open(&policy, flow, &wishes, opened, why);
	return e;
}

/*
 * Hashing the password and the database took time. If auth_time were the beginning of
 * the request, it would be earlier than the opening of the session, which the tokens
 * of its renewals state.
 */
static enum err
make_token(struct app *app, const struct login_ask *ask, struct login_try *t,
	   struct why *why)
{
	int64_t life =
		ask->browser ? app->config->browser_token_life : app->config->token_life;

	return login_token(app, &t->opened.session, life, &t->token, &t->expires_in, why);
}

/* Log the result of a flow that has ended without an error. */
static void
conclude(struct app *app, const struct request *req, struct response *res,
	 const struct login_ask *ask, const struct flow *flow, struct login_try *t)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct why why = { "" };
	enum err e;

	log_outcome(flow, &t->opened.session);
	if (flow->state == FLOW_OPENED) {
		worker_wake(app); /* the owner is told about a new browser by mail */
		if (t->opened.displaced)
			session_end(&hearers, SESSION_END_DISPLACED, NULL, &why);
		if ((e = make_token(app, ask, t, &why)) == ERR_OK)
			t->said = LOGIN_DONE;
		else {
			LOG(LOG_ERROR, "token_failed", { "error", str_of(err_text(e)) },
			    { "why", str_of(why.text) });
			serve_unavailable(app, req, res, e);
		}
	} else if (flow->state == FLOW_THROTTLED) {
		t->said = LOGIN_THROTTLED;
		t->wait = flow->wait;
		serve_retry_after(res, flow->wait);
	} else {
		t->said = LOGIN_WRONG;
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
	}
}

void
login_try_run(struct app *app, const struct request *req, struct response *res,
	      const struct login_ask *ask, struct login_try *t)
{
	struct why why = { "" };
	struct flow flow;
	struct buf news;
	enum err e;

	*t = (struct login_try){ .said = LOGIN_UNAVAILABLE };
	buf_init(&t->token, JWT_MAX);
	if (ask->name.n == 0 || ask->password.n == 0) {
		t->said = LOGIN_MISSING;
		return;
	}
	if (ask->name.n > FLOW_NAME_MAX || ask->password.n > PASSWORD_MAX) {
		t->said = LOGIN_TOO_LONG;
		return;
	}
	buf_init(&news, 512);
	put_news(app, req, &news);
	e = go_through(app, req, ask, buf_str(&news), &flow, &t->opened, &why);
	buf_done(&news);
	if (e == ERR_OK && (e = clock_now(&app->now)) != ERR_OK)
		why_set(&why, e, "%s", err_text(e));
	if (e == ERR_OK)
		conclude(app, req, res, ask, &flow, t);
	else {
		LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		serve_unavailable(app, req, res, e);
	}
	flow_done(&flow);
}

void
login_try_done(struct login_try *t)
{
	buf_done(&t->token);
	flow_opened_done(&t->opened);
}
