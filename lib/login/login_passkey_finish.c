/*
 * POST /login/passkey/finish: a login by a passkey alone, as a form of the login page or
 * as JSON. Both need the form cookie, to which the challenge is bound. All refusals look
 * alike; the log has the reason.
 */
#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/cookies_page.h"
#include "entry/login_cookies.h"
#include "entry/login_form.h"
#include "entry/login_opened.h"
#include "entry/login_passkey.h"
#include "entry/login_tokens.h"
#include "http/authenticate.h"
#include "login/login_handlers.h"
#include "page/known_device.h"
#include "page/visitor_form.h"
#include "passkey/passkey_login.h"
#include "serve/app_flow.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "token/token.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

/* What was sent. */
struct sent {
	struct str json, device, replaces;
	bool remember, browser;
};

/* What came of it. */
struct finish {
	bool decided; /* false: a 503 is written */
	struct passkey_login login;
	struct buf token;
	int64_t expires_in;
};

static void
log_refusal(struct app *app, const struct request *req, const struct passkey_login *login,
	    const struct why *why)
{
	LOG(LOG_WARN,
	    login->state == PASSKEY_THROTTLED ? "login_too_often" : "login_failed",
	    { "reason", str_of(login->reason) }, { "why", str_of(why->text) },
	    { "sub", str_of(login->user) }, { "address", client_address(app, req) });
}

static void
conclude(struct app *app, const struct request *req, struct response *res,
	 const struct sent *sent, const struct why *why, struct finish *f)
{
	f->decided = true;
	if (f->login.state == PASSKEY_OPENED) {
		f->decided = login_opened_token(app, req, res, &f->login.opened,
						sent->browser, &f->token, &f->expires_in);
		return;
	}
	log_refusal(app, req, &f->login, why);
	if (f->login.state == PASSKEY_THROTTLED)
		serve_retry_after(res, f->login.wait);
	else
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
}

static void
run(struct app *app, const struct request *req, struct response *res,
    const struct sent *sent, struct finish *f)
{
	struct passkey_site site = login_passkey_site(app);
	struct flow_policy policy;
	struct why why = { "" };
	struct buf news;
	struct passkey_ask ask = {
		.answer = { sent->json, visitor_form_brought(app, req), app->now },
		.address = client_address(app, req),
		.device = sent->device,
		.wishes = { .agent = request_env(req, "HTTP_USER_AGENT"),
			    .replaces = sent->replaces,
			    .remember = sent->remember,
			    .browser = sent->browser,
			    .now = app->now },
	};
	enum err e;

	*f = (struct finish){ .decided = false };
	buf_init(&f->token, JWT_MAX);
	buf_init(&news, 512);
	app_flow_policy(app, &policy);
	login_opened_news(app, req, &news);
	ask.wishes.news = buf_str(&news);
	e = passkey_login(&site, &policy, &ask, &f->login, &why);
	buf_done(&news);
	if (e == ERR_OK) {
		conclude(app, req, res, sent, &why, f);
		return;
	}
	LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why.text) });
	serve_unavailable(app, req, res, e);
}

static void
finish_done(struct finish *f)
{
	buf_done(&f->token);
	passkey_login_done(&f->login);
}

/* ---- the form ---- */

static void
again(struct app *app, const struct request *req, struct response *res,
      struct str return_to, const struct sent *sent, const struct finish *f)
{
	struct login_form form = { .status = 401,
				   .problem = "login.passkey_refused",
				   .return_to = return_to,
				   .remember = sent->remember,
				   .wait = f->login.wait };

	if (f->login.state == PASSKEY_THROTTLED) {
		form.status = 429;
		form.problem = "login.throttled";
	}
	login_form_send(app, req, res, &form);
}

void
login_passkey_form(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit)
{
	struct cookie device = known_device_cookie(app->config);
	struct cookie session = login_cookie_session(app->config);
	struct sent sent = { .device = cookie_get(req, &device),
			     .replaces = cookie_get(req, &session),
			     .browser = true };
	struct str return_to, remember;
	struct finish f;

	form_find(visit->form, "passkey", &sent.json);
	form_find(visit->form, "return_to", &return_to);
	form_find(visit->form, "remember", &remember);
	return_to = login_return_to(app, return_to);
	sent.remember = remember.n > 0;
	if (!login_has_passkeys(app)) {
		serve_error(app, req, res, 404, "not_found", "this site has no passkeys");
		return;
	}
	if (visitor_form_brought(app, req).n == 0) {
		cookies_page_send(app, req, res, return_to);
		return;
	}
	run(app, req, res, &sent, &f);
	if (f.decided && f.login.state == PASSKEY_OPENED) {
		login_opened_cookies(app, req, res, &f.login.opened, buf_str(&f.token),
				     f.expires_in);
		response_see_other(res, return_to);
	} else if (f.decided) {
		again(app, req, res, return_to, &sent, &f);
	}
	finish_done(&f);
}

/* ---- JSON ---- */

/* NULL if it has the right form. Otherwise what is wrong with it. */
static const char *
read_json(const struct json_t *root, struct sent *sent, struct buf *credential)
{
	const struct json_t *found;

	if (json_get_object(root, "credential", &found) != JSON_FOUND ||
	    !json_holds_object(found))
		return "credential is missing, or is not an object";
	if (json_get_bool(root, "remember", &sent->remember) == JSON_WRONG)
		return "remember is neither true nor false";
	if (json_get_str(root, "device", &sent->device) == JSON_WRONG)
		return "device is not a string";
	json_put_value(credential, found);
	sent->json = buf_str(credential);
	return NULL;
}

static void
answer_json(struct app *app, const struct request *req, struct response *res,
	    const struct finish *f)
{
	const struct login_tokens tokens = {
		.token = buf_str(&f->token),
		.expires_in = f->expires_in,
		.refresh = str_of(f->login.opened.refresh),
		.device = str_of(f->login.opened.device),
	};

	if (f->login.state == PASSKEY_OPENED)
		login_answer_tokens(app, req, res, &tokens);
	else if (f->login.state == PASSKEY_THROTTLED)
		response_error(res, 429, "too_many_requests",
			       "too many logins; wait and try again");
	else
		response_error(res, 401, "invalid_credentials",
			       "this passkey was not accepted");
}

void
login_passkey_json(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit)
{
	struct sent sent = { .browser = false };
	struct buf credential;
	const char *wrong;
	struct finish f;

	buf_init(&credential, WEBAUTHN_JSON_MAX);
	wrong = read_json(visit->json, &sent, &credential);
	if (!login_has_passkeys(app)) {
		serve_error(app, req, res, 404, "not_found", "this site has no passkeys");
	} else if (wrong != NULL) {
		response_error(res, 400, "invalid_request", wrong);
	} else {
		run(app, req, res, &sent, &f);
		if (f.decided)
			answer_json(app, req, res, &f);
		finish_done(&f);
	}
	buf_done(&credential);
}
