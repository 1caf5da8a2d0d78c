/* GET and POST /oauth/end-session: a client asks that a person is signed out. */
#include "oauth/logout/logout_handlers.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "entry/login_cookies.h"
#include "oauth/logout/logout_asked.h"
#include "page/hearers.h"
#include "page/page.h"
#include "page/page_power.h"
#include "people/session_end.h"
#include "serve/power_database.h"
#include "serve/serve.h"

#define REVOKED_MAX 8192  /* two hundred sids */
#define LOCATION_MAX 7500 /* servers take lines of 8,190 bytes */

/*
 * The page that asks, and says what is wrong. Its form goes to the login, which alone sees
 * all cookies of a session.
 */
static void
send_page(struct app *app, const struct request *req, struct response *res,
	  const struct logout_known *known)
{
	static const char *const problems[] = {
		[LOGOUT_GOOD] = NULL,
		[LOGOUT_HINT] = "end_session.bad_hint",
		[LOGOUT_CLIENT] = "end_session.bad_client",
		[LOGOUT_ADDRESS] = "end_session.bad_address",
	};
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct str name = known->here.preferred_username;
	struct page page;

	if (session_end_is_told(&hearers, known->here.sid))
		name = STR(""); /* the cookie is there, and its session has ended */
	app_page(app, req, "end_session", &page);
	page_phrase(&page, "problem", problems[known->fault]);
	page_text(&page, "client", known->client.name);
	page_text(&page, "username", name);
	page_send(&page, known->fault == LOGOUT_GOOD ? 200 : 400, res);
}

/* Append one more parameter, unless it is absent. */
static void
add_parameter(struct buf *to, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	buf_addc(to, str_index(buf_str(to), '?') < to->n ? '&' : '?');
	buf_addz(to, name);
	buf_addc(to, '=');
	text_add_percent(to, value, "");
}

/* Where the browser goes after the logout: "https://wiki.example/bye?a=1&state=…". */
static void
put_next(struct buf *to, const struct logout_asked *asked)
{
	if (asked->address.n == 0) {
		buf_addz(to, URL_GOODBYE);
		return;
	}
	buf_add(to, asked->address);
	add_parameter(to, "state", asked->state);
}

/* Is `sid` among these words? */
static bool
holds(struct str words, struct str sid)
{
	while (words.n > 0)
		if (str_eq(str_cut(&words, ' '), sid))
			return sid.n > 0;
	return false;
}

/*
 * The cookies go only if they are of this session. Otherwise an ID token of one person
 * could sign another one out.
 */
static void
conclude(struct app *app, const struct request *req, struct response *res,
	 const struct logout_known *known, struct str next, struct str revoked,
	 bool ended)
{
	LOG(LOG_INFO, "logout",
	    { "ended", ended           ? STR("yes")
		       : revoked.n > 0 ? STR("before")
				       : STR("no") },
	    { "client", known->hint.client }, { "address", client_address(app, req) });
	if (holds(revoked, known->here.sid))
		login_cookies_revoke(app, res);
	response_see_other(res, next);
}

static void
unavailable(struct app *app, const struct request *req, struct response *res, enum err e,
	    const struct why *why)
{
	LOG(LOG_ERROR, "logout_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

/* The session that the hint names. The verifiers are told before the browser goes on. */
static void
end_hinted(struct app *app, const struct request *req, struct response *res,
	   const struct logout_known *known, struct str next)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	const struct oauth_hinted hinted = { known->hint.user, known->hint.client,
					     known->hint.sid };
	struct why why = { "" };
	struct buf revoked;
	bool ended;
	enum err e;

	buf_init(&revoked, REVOKED_MAX);
	e = oauth_logout_end(app_db(app), &hinted, client_address(app, req), &revoked,
			     &ended, &why);
	if (e == ERR_OK)
		e = session_end(&hearers, SESSION_END_LOGOUT, &revoked, &why);
	if (e == ERR_OK)
		conclude(app, req, res, known, next, buf_str(&revoked), ended);
	else
		unavailable(app, req, res, e, &why);
	buf_done(&revoked);
}

/* A page that is only fetched in advance, or looked for by HEAD, signs nobody out. */
static bool
is_visit(const struct request *req)
{
	return request_is(req, "GET") &&
	       !str_starts_with(request_env(req, "HTTP_SEC_PURPOSE"), STR("prefetch"));
}

/* Nothing ends before it is certain that the browser can be led on. */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct logout_asked *asked, const struct logout_known *known)
{
	struct buf next;

	buf_init(&next, LOCATION_MAX);
	put_next(&next, asked);
	if (next.failed)
		serve_error(app, req, res, 413, "too_large", "the request is too long");
	else if (known->fault == LOGOUT_GOOD && known->is_hinted && is_visit(req))
		end_hinted(app, req, res, known, buf_str(&next));
	else
		send_page(app, req, res, known);
	buf_done(&next);
}

void
logout_get(struct app *app, const struct request *req, struct response *res,
	   const struct visit *visit)
{
	struct logout_asked asked;
	struct logout_known known;
	struct why why = { "" };
	enum err e;

	logout_asked_read(visit->form, &asked);
	e = logout_find_out(app, req, &asked, &known, &why);
	if (e == ERR_OK)
		answer(app, req, res, &asked, &known);
	else
		unavailable(app, req, res, e, &why);
	logout_known_done(&known);
}

void
logout_post(struct app *app, const struct request *req, struct response *res,
	    const struct visit *visit)
{
	struct logout_asked asked;
	struct buf to;

	logout_asked_read(visit->form, &asked);
	buf_init(&to, LOCATION_MAX);
	buf_addz(&to, URL_OAUTH_END_SESSION);
	add_parameter(&to, "id_token_hint", asked.hint);
	add_parameter(&to, "client_id", asked.client_id);
	add_parameter(&to, "post_logout_redirect_uri", asked.address);
	add_parameter(&to, "state", asked.state);
	if (to.failed)
		serve_error(app, req, res, 413, "too_large", "the request is too long");
	else
		response_see_other(res, buf_str(&to));
	buf_done(&to);
}
