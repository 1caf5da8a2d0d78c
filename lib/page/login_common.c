#include "page/login_common.h"

#include <stdio.h>

#include "access/forwarded.h"
#include "config/config.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/serve.h"

struct str
login_address(const struct app *app, const struct request *req)
{
	return forwarded_client(
		req->remote_address, request_env(req, "HTTP_X_FORWARDED_FOR"),
		app->config->trusted_proxies.items, app->config->trusted_proxies.n);
}

void
login_policy_of(const struct app *app, struct flow_policy *policy)
{
	const struct config *c = app->config;

	*policy = (struct flow_policy){
		.db = app_db(app),
		.secret = app_secret(app),
		.cost = { (size_t)c->password_memory, (unsigned)c->password_time },
		.state_dir = c->state_dir,
		.slots = (unsigned)c->password_slots,
		.min_ms = c->login_min_ms,
		.session_idle = c->session_idle,
		.session_life = c->session_life,
		.session_browser_life = c->session_browser_life,
		.sessions_max = c->sessions_max,
	};
}

void
login_retry_after(struct response *res, int64_t seconds)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)(seconds > 0 ? seconds : 1));
	response_headerz(res, "Retry-After", text);
}

void
login_unavailable(struct app *app, const struct request *req, struct response *res,
		  enum err e)
{
	login_retry_after(res, e == ERR_BUSY ? 2 : 5);
	serve_error(app, req, res, 503, "temporarily_unavailable",
		    "logging in is not possible at the moment; try again");
}
