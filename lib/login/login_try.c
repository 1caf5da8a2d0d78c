#include "login/login_try.h"

#include <string.h>

#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "entry/login_cookies.h"
#include "entry/login_opened.h"
#include "http/authenticate.h"
#include "mfa/mfa.h"
#include "page/known_device.h"
#include "serve/app_flow.h"
#include "serve/serve.h"
#include "token/token.h"

/* Never log the name of a failed try: it may be the password. */
static void
log_outcome(const struct flow *flow)
{
	struct str address = str_of(flow->address);
	struct str reason = str_of(flow->reason);

	if (flow->state == FLOW_WANTS)
		LOG(LOG_INFO, "login_wants_factor", { "sub", str_of(flow->row.id) },
		    { "address", address });
	else if (flow->state != FLOW_THROTTLED)
		LOG(LOG_WARN, "login_failed", { "reason", reason },
		    { "address", address });
	else if (flow->too_often)
		LOG(LOG_WARN, "login_too_often", { "address", address });
	else
		LOG(LOG_WARN, "login_throttled", { "reason", reason },
		    { "address", address });
}

/*
 * The password was right, and one more proof is wanted. Only a browser can make the
 * first factor. For another client nothing is kept, and the try does not count.
 */
static enum err
keep(const struct flow_policy *policy, const struct flow_wishes *wishes,
     struct flow *flow, struct login_try *t, struct why *why)
{
	bool kept = false;
	enum err e;

	t->setup = flow->row.setup;
	t->ways = flow->row.ways;
	memcpy(t->user, flow->row.id, sizeof(t->user));
	if (t->setup && !wishes->browser)
		return flow_give_back(policy, flow, why);
	e = mfa_keep(policy, flow, wishes, t->ticket, &kept, why);
	if (e == ERR_OK && !kept)
		flow_overtaken(policy, flow);
	return e;
}

/* Take the flow from the first step to the last one that the password leads to. */
static enum err
go_through(struct app *app, const struct request *req, const struct login_ask *ask,
	   struct str news, struct flow *flow, struct login_try *t, struct why *why)
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
		e = flow_open(&policy, flow, &wishes, &t->opened, why);
	else if (e == ERR_OK && flow->state == FLOW_WANTS)
		e = keep(&policy, &wishes, flow, t, why);
	return e;
}

/* What a flow that has ended without an error says. */
static void
conclude(struct app *app, const struct request *req, struct response *res,
	 const struct login_ask *ask, const struct flow *flow, struct login_try *t)
{
	if (flow->state == FLOW_OPENED) {
		if (login_opened_token(app, req, res, &t->opened, ask->browser, &t->token,
				       &t->expires_in))
			t->said = LOGIN_DONE;
		return;
	}
	log_outcome(flow);
	if (flow->state == FLOW_WANTS) {
		t->said = LOGIN_WANTS;
	} else if (flow->state == FLOW_THROTTLED) {
		t->said = LOGIN_THROTTLED;
		t->wait = flow->wait;
		serve_retry_after(res, flow->wait);
		return;
	} else {
		t->said = LOGIN_WRONG;
	}
	authenticate_bearer(res, app->config->site_name, NULL, NULL);
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
	login_opened_news(app, req, &news);
	e = go_through(app, req, ask, buf_str(&news), &flow, t, &why);
	buf_done(&news);
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
	secret_wipe(t->ticket, sizeof(t->ticket));
	flow_opened_done(&t->opened);
}
