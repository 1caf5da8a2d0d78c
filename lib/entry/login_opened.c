#include "entry/login_opened.h"

#include "access/client.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_cookies.h"
#include "entry/login_token.h"
#include "page/agent.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "page/language_cookie.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "worker/worker.h"
#include "json/json.h"

void
login_opened_news(const struct app *app, const struct request *req, struct buf *news)
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

bool
login_opened_token(struct app *app, const struct request *req, struct response *res,
		   const struct flow_opened *opened, bool browser, struct buf *token,
		   int64_t *expires_in)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	int64_t life =
		browser ? app->config->browser_token_life : app->config->token_life;
	struct why why = { "" };
	enum err e;

	LOG(LOG_INFO, "login_ok", { "user", str_of(opened->session.name) },
	    { "sub", str_of(opened->session.user_id) },
	    { "amr", str_of(opened->session.amr) },
	    { "address", client_address(app, req) });
	worker_wake(app); /* the owner may be told by mail */
	if (opened->displaced)
		session_end(&hearers, SESSION_END_DISPLACED, NULL, &why);
	e = clock_now(&app->now);
	if (e == ERR_OK)
		e = login_token(app, &opened->session, life, token, expires_in, &why);
	if (e == ERR_OK)
		return true;
	LOG(LOG_ERROR, "token_failed", { "error", str_of(err_text(e)) },
	    { "why", str_of(why.text) });
	serve_unavailable(app, req, res, e);
	return false;
}

void
login_opened_cookies(struct app *app, const struct request *req, struct response *res,
		     const struct flow_opened *opened, struct str token,
		     int64_t expires_in)
{
	struct cookie device = known_device_cookie(app->config);
	struct cookie flow = login_cookie_flow(app->config);

	login_cookies_put(app, res, &opened->session, token, expires_in,
			  str_of(opened->refresh));
	cookie_put(res, &device, str_of(opened->device), DEVICE_LIFE);
	if (cookie_get(req, &flow).n > 0)
		cookie_drop(res, &flow);
	language_cookie_give(app->config, req, res, str_of(opened->language));
}
