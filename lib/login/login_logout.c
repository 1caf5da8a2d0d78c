/*
 * POST /login/logout. The request may name a session by cookie, Bearer token or
 * refresh token. Every session that it names is ended. A browser's cookies are removed
 * in any case.
 *
 * 204 says that the tokens that were shown are dead, on this host at once. So it is
 * not enough that the database knows: the revocation file must contain every sid that
 * the session has had, whether it ends now or had ended before. It must also contain
 * the sid of a verified access token if the database knows no such session.
 */
#include "login/login_handlers.h"

#include "access/access.h"
#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_cookies.h"
#include "entry/login_form.h"
#include "http/accept.h"
#include "http/authenticate.h"
#include "http/credential.h"
#include "http/form.h"
#include "page/hearers.h"
#include "page/page.h"
#include "page/page_power.h"
#include "people/refresh.h"
#include "revocation/revocations.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"
#include "json/json.h"

/* What the request brought. Parts that are absent are empty. */
struct brought {
	struct str access, access_cookie;
	struct str refresh, refresh_cookie;
};

/* The result. */
struct outcome {
	struct buf revoked; /* sids that the revocation file must hold */
	bool proven;        /* a token named a session, which has ended by now */
	bool ended;         /* by this request */
};

#define REVOKED_MAX 8192 /* two hundred sids */

/* Only the Authorization header: cookies are handled separately. */
static bool
read_bearer(const struct request *req, struct brought *p)
{
	const struct credential_places nowhere_else = { .cookie = { .name = NULL } };
	struct credential c;
	enum credential_found found = credential_find(&c, req, &nowhere_else);

	if (found == CREDENTIAL_ONE)
		p->access = c.token;
	credential_done(&c);
	return found != CREDENTIAL_BAD;
}

/* False if it can be read in more than one way. */
static bool
read_proof(struct app *app, const struct request *req, const struct visit *visit,
	   struct brought *p)
{
	struct cookie access = access_cookie(app->config);
	struct cookie session = login_cookie_session(app->config);
	struct str cookies = request_env(req, "HTTP_COOKIE");

	/*
	 * two cookies of one name: we could end only one of them, perhaps the wrong one
	 */
	return cookie_find(&access, cookies, &p->access_cookie) != COOKIE_BAD &&
	       cookie_find(&session, cookies, &p->refresh_cookie) != COOKIE_BAD &&
	       read_bearer(req, p) &&
	       (visit->json == NULL ||
		json_get_str(visit->json, "refresh_token", &p->refresh) != JSON_WRONG);
}

static enum err
end_by_refresh(struct app *app, struct str token, struct str address, struct outcome *o,
	       struct why *why)
{
	bool known = false, ended = false;
	enum err e;

	if (token.n == 0)
		return ERR_OK;
	e = refresh_end(app_db(app), token, address, &o->revoked, &known, &ended, why);
	o->proven = o->proven || known;
	o->ended = o->ended || ended;
	return e;
}

/*
 * A token that is neither of a login nor of a program of ours names nothing that can
 * end. A program's token is never in the cookie.
 */
static enum err
end_by_claims(struct app *app, const struct claims *c, bool in_cookie, struct str address,
	      struct outcome *o, struct why *why)
{
	enum identity_kind kind = identity_kind_of(c);
	bool ended = false;
	enum err e;

	if (kind != IDENTITY_LOGIN && (in_cookie || kind != IDENTITY_PROGRAM))
		return ERR_OK;
	e = sessions_end(app_db(app), c->sid, kind == IDENTITY_PROGRAM, address,
			 &o->revoked, &ended, why);
	o->proven = o->proven || e == ERR_OK;
	o->ended = o->ended || ended;
	return e;
}

static enum err
end_by_access(struct app *app, struct str token, bool in_cookie, struct str address,
	      struct outcome *o, struct why *why)
{
	enum jwt_refusal refusal;
	enum err e = ERR_OK;
	struct claims c;

	if (token.n == 0)
		return ERR_OK;
	claims_init(&c);
	if (token_check(app_signer(app), token, app->now, &c, &refusal) == VERDICT_ALLOW)
		e = end_by_claims(app, &c, in_cookie, address, o, why);
	else if (refusal == JWT_FAILED)
		e = why_set(why, ERR_CRYPTO, "the access token cannot be checked");
	claims_done(&c);
	return e;
}

static enum err
end_sessions(struct app *app, const struct brought *p, struct str address,
	     struct outcome *o, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum err e;

	if ((e = end_by_refresh(app, p->refresh, address, o, why)) != ERR_OK ||
	    (e = end_by_refresh(app, p->refresh_cookie, address, o, why)) != ERR_OK ||
	    (e = end_by_access(app, p->access, false, address, o, why)) != ERR_OK ||
	    (e = end_by_access(app, p->access_cookie, true, address, o, why)) != ERR_OK)
		return e;
	return session_end(&hearers, SESSION_END_LOGOUT, &o->revoked, why);
}

/* A browser goes where its form says, or to the goodbye page. */
static void
answer_browser(struct app *app, struct response *res, const struct form *form)
{
	struct str return_to;

	if (form_find(form, "return_to", &return_to) == FORM_ONE)
		response_see_other(res, login_return_to(app, return_to));
	else
		response_see_other(res, STR(URL_GOODBYE));
}

static void
refuse_token(struct app *app, struct response *res)
{
	authenticate_bearer(res, app->config->site_name, "invalid_token",
			    "the token is not valid, or no longer");
	response_error(res, 401, "invalid_token", "the token is not valid, or no longer");
}

/* For scripts: 204 only if the session that was named is dead. */
static void
answer_script(struct app *app, struct response *res, const struct brought *p,
	      const struct outcome *o)
{
	if (p->access.n + p->refresh.n > 0 && !o->proven)
		refuse_token(app, res);
	else
		response_empty(res, 204);
}

static void
end_and_answer(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit, const struct brought *p)
{
	struct cookie flow = login_cookie_flow(app->config);
	struct str address = client_address(app, req);
	struct outcome o = { .proven = false };
	struct why why = { "" };
	enum err e;

	buf_init(&o.revoked, REVOKED_MAX);
	e = end_sessions(app, p, address, &o, &why);
	buf_done(&o.revoked);
	if (e != ERR_OK) {
		LOG(LOG_ERROR, "logout_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		serve_unavailable(app, req, res, e);
		return;
	}
	LOG(LOG_INFO, "logout",
	    { "ended", o.ended    ? STR("yes")
		       : o.proven ? STR("before")
				  : STR("no") },
	    { "address", address });
	login_cookies_revoke(app, res);
	if (cookie_get(req, &flow).n > 0)
		cookie_drop(res, &flow);
	if (accept_html(req))
		answer_browser(app, res, visit->form);
	else
		answer_script(app, res, p, &o);
}

/*
 * A form of another site's page comes without our cookies, which are SameSite. But the
 * browser would obey an answer that clears them.
 */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *visit, const struct brought *p)
{
	bool by_cookie = p->access_cookie.n > 0 || p->refresh_cookie.n > 0;
	bool by_token = p->access.n > 0 || p->refresh.n > 0;
	enum origin said = access_origin(app->config, req);

	if (!by_cookie && !by_token && !accept_html(req)) {
		authenticate_bearer(res, app->config->site_name, NULL, NULL);
		response_error(res, 401, "unauthorized", "there is no session to end");
	} else if ((by_cookie || !by_token) && said != ORIGIN_OWN) {
		access_refuse_origin(app, req, res, said, STR(""));
	} else {
		end_and_answer(app, req, res, visit, p);
	}
}

void
login_logout(struct app *app, const struct request *req, struct response *res,
	     const struct visit *visit)
{
	struct brought p = { 0 };

	if (read_proof(app, req, visit, &p))
		answer(app, req, res, visit, &p);
	else
		serve_error(app, req, res, 400, "invalid_request",
			    "the request is malformed");
}

void
login_goodbye(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	struct page page;

	(void)visit;
	app_page(app, req, "goodbye", &page);
	page_send(&page, 200, res);
}
