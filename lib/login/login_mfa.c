#include "login/login_mfa.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "entry/login_cookies.h"
#include "entry/login_opened.h"
#include "factor/factor_power.h"
#include "http/authenticate.h"
#include "serve/app_flow.h"
#include "serve/serve.h"
#include "token/token.h"

void
login_mfa_lead(struct response *res, const char *url, struct str return_to)
{
	struct buf to;

	buf_init(&to, 8192);
	buf_addz(&to, url);
	if (!str_is(return_to, "/")) {
		buf_addc(&to, str_index(str_of(url), '?') < str_of(url).n ? '&' : '?');
		buf_addz(&to, "return_to=");
		text_add_percent(&to, return_to, "/");
	}
	if (!to.failed)
		response_see_other(res, buf_str(&to));
	buf_done(&to);
}

void
login_mfa_over(struct app *app, struct response *res, struct str return_to)
{
	struct cookie flow = login_cookie_flow(app->config);

	cookie_drop(res, &flow);
	login_mfa_lead(res, URL_LOGIN "?done=over", return_to);
}

void
login_mfa_policy(struct app *app, struct flow_policy *flow, struct mfa_policy *mfa)
{
	app_flow_policy(app, flow);
	*mfa = (struct mfa_policy){ .flow = flow,
				    .keys = app_factor_keys(app),
				    .mail = config_has_mail(app->config),
				    .remember = app->config->factor_remember };
}

void
login_mfa_unavailable(struct app *app, const struct request *req, struct response *res,
		      enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

void
login_mfa_refuse(struct app *app, const struct request *req, struct response *res,
		 const struct mfa_result *r)
{
	static const char *const events[] = {
		[MFA_WRONG] = "login_failed",
		[MFA_REPLAYED] = "login_failed",
		[MFA_THROTTLED] = "login_throttled",
		[MFA_TOO_OFTEN] = "login_too_often",
		[MFA_NO_KEYS] = "login_unavailable",
		[MFA_OVER] = "login_over",
		[MFA_DONE] = "login_ok",
	};

	LOG(r->outcome == MFA_NO_KEYS ? LOG_ERROR : LOG_WARN, events[r->outcome],
	    { "reason", str_of(r->reason) }, { "sub", str_of(r->user) },
	    { "address", client_address(app, req) });
	if (r->outcome == MFA_THROTTLED || r->outcome == MFA_TOO_OFTEN)
		serve_retry_after(res, r->wait);
	else
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
}

static enum err
open(struct app *app, const struct request *req, const struct login_mfa *with,
     struct str news, struct mfa_result *result, struct why *why)
{
	struct cookie session = login_cookie_session(app->config);
	struct mfa_ask ask = {
		.ticket = with->ticket,
		.address = client_address(app, req),
		.device = with->device,
		.remember_device = with->remember_device,
		.wishes = { .agent = request_env(req, "HTTP_USER_AGENT"),
			    .replaces =
				    with->browser ? cookie_get(req, &session) : STR(""),
			    .news = news,
			    .browser = with->browser,
			    .now = app->now },
	};
	struct flow_policy flow;
	struct mfa_policy policy;

	login_mfa_policy(app, &flow, &policy);
	return mfa_open(&policy, &ask, &with->proof, result, why);
}

static void
conclude(struct app *app, const struct request *req, struct response *res,
	 const struct login_mfa *with, struct login_mfa_try *t)
{
	t->decided = true;
	if (t->result.outcome == MFA_DONE)
		t->decided = login_opened_token(app, req, res, &t->result.opened,
						with->browser, &t->token, &t->expires_in);
	else
		login_mfa_refuse(app, req, res, &t->result);
}

void
login_mfa_run(struct app *app, const struct request *req, struct response *res,
	      const struct login_mfa *with, struct login_mfa_try *t)
{
	struct why why = { "" };
	struct buf news;
	enum err e;

	*t = (struct login_mfa_try){ .decided = false };
	buf_init(&t->token, JWT_MAX);
	buf_init(&news, 512);
	login_opened_news(app, req, &news);
	e = open(app, req, with, buf_str(&news), &t->result, &why);
	buf_done(&news);
	if (e == ERR_OK) {
		conclude(app, req, res, with, t);
		return;
	}
	login_mfa_unavailable(app, req, res, e, &why);
}

void
login_mfa_try_done(struct login_mfa_try *t)
{
	buf_done(&t->token);
	mfa_result_done(&t->result);
}
