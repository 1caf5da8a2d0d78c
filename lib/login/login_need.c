/*
 * GET /login?need=fresh|factor|phr: what a page asks for, beyond a session. And need=none:
 * a client of /oauth asks for no page at all.
 */
#include "login/login_handlers.h"

#include "access/access.h"
#include "access/asking.h"
#include "access/step_up.h"
#include "access/urls.h"
#include "base/text.h"
#include "entry/login_form.h"
#include "http/target.h"
#include "page/hearers.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"

/* The visitor's login by the cookie. False if its token is not good. */
static bool
find_login(struct app *app, const struct request *req, struct claims *claims)
{
	struct cookie access = access_cookie(app->config);
	enum jwt_refusal refusal;

	return token_check(app_signer(app), cookie_get(req, &access), app->now, claims,
			   &refusal) == VERDICT_ALLOW &&
	       identity_kind_of(claims) == IDENTITY_LOGIN;
}

/* Before dangerous steps, or (`other`) for another account: the form in any case. */
static void
show_form(struct app *app, const struct request *req, struct response *res, bool other,
	  struct str return_to)
{
	struct login_form form = { .status = 200, .return_to = return_to };
	struct claims claims;

	claims_init(&claims);
	form.notice = other ? "login.other" : "login.fresh";
	if (!other && find_login(app, req, &claims))
		form.username = claims.preferred_username;
	login_form_send(app, req, res, &form);
	claims_done(&claims);
}

/* Has the session proved enough? A token whose sid has ended tells nothing of it. */
static bool
find_proved(struct app *app, const struct request *req, enum acr *proved)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct claims claims;
	bool found;

	claims_init(&claims);
	found = find_login(app, req, &claims) &&
		!session_end_is_told(&hearers, claims.sid);
	*proved = found ? acr_find(claims.acr) : ACR_NONE;
	claims_done(&claims);
	return found;
}

/* An address with this need, and with `return_to`. */
static void
put_address(struct buf *out, const char *url, enum need need, struct str return_to)
{
	buf_addf(out, "%s?need=%s&return_to=", url, need_text(need));
	text_add_percent(out, return_to, "/");
}

/*
 * A session that has proved enough goes back. One that has not goes on to /login/mfa. If
 * the access token has run out, the session is renewed first, and comes here again. Who
 * has no session logs in; whoever asked then looks again at what is missing.
 */
static void
lead_on(struct app *app, const struct request *req, struct response *res, enum need need,
	struct str return_to)
{
	enum acr wanted = need == NEED_PHR ? ACR_PHR : ACR_2FA, proved;
	struct login_form form = { .status = 200, .return_to = return_to };
	struct buf address;

	buf_init(&address, 4 * TARGET_MAX);
	if (find_proved(app, req, &proved)) {
		put_address(&address, URL_LOGIN_MFA, need, return_to);
		if (proved >= wanted)
			login_go_back(app, req, res, return_to);
		else if (!address.failed)
			response_see_other(res, buf_str(&address));
	} else {
		put_address(&address, URL_LOGIN, need, return_to);
		if (address.failed || !login_renew(app, req, res, buf_str(&address)))
			login_form_send(app, req, res, &form);
	}
	buf_done(&address);
}

/*
 * A client asks who is here, and nobody may be shown a page (prompt=none). A token that has
 * run out is renewed. The browser goes back in any case, and the client is told then.
 */
static void
pass_through(struct app *app, const struct request *req, struct response *res,
	     struct str return_to)
{
	if (!login_renew(app, req, res, return_to))
		login_go_back(app, req, res, return_to);
}

void
login_need(struct app *app, const struct request *req, struct response *res,
	   const struct visit *visit, struct str return_to)
{
	struct str text, unused, id;
	enum need need;

	form_find(visit->form, "need", &text);
	need = need_find(text);
	if (str_is(text, "none") && asking_id(return_to, &id))
		pass_through(app, req, res, return_to);
	else if (need == NEED_NOTHING)
		serve_error(app, req, res, 400, "invalid_request",
			    "need is fresh, factor or phr");
	else if (need == NEED_FRESH)
		show_form(app, req, res,
			  form_find(visit->form, "other", &unused) == FORM_ONE,
			  return_to);
	else
		lead_on(app, req, res, need, return_to);
}
