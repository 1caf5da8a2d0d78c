/*
 * Silent renewal: a browser whose access token has run out, or soon will, is
 * sent here, gets new cookies and is sent back, all without a form.
 */
#include "app/login_handlers.h"

#include <string.h>

#include "app/access.h"
#include "app/config.h"
#include "app/login_common.h"
#include "app/login_cookies.h"
#include "app/page.h"
#include "app/revoke.h"
#include "auth/refresh.h"
#include "auth/token.h"
#include "base/base64url.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "http/accept.h"

#define HOP_SECONDS 10
#define LATER_SECONDS 60 /* until the next try, when it cannot be done now */
#define HOPS_MAX 4       /* to one address within HOP_SECONDS of each other */

/*
 * A browser that is sent back and arrives again at once, over and over, drops
 * the new cookie or finds its token refused: nobody gets anywhere by going on.
 * The hop cookie counts the arrivals for one address ("2-HASH").
 */
static void
hop_mark(struct str return_to, char mark[10])
{
	unsigned char hash[SHA256_SIZE] = { 0 };
	struct buf text;

	buf_init(&text, 64);
	mark[0] = '\0';
	if (sha256(return_to, hash) == ERR_OK &&
	    base64url_encode(&text, (struct str){ (char *)hash, 6 }))
		memcpy(mark, buf_z(&text), text.n + 1);
	buf_done(&text);
}

static int64_t
hops_so_far(struct app *app, const struct request *req, const char *mark)
{
	struct cookie c = login_cookie_hop(app->config);
	struct str value = login_cookie_get(req, &c);
	struct str count = str_cut(&value, '-');
	int64_t n;

	return str_to_int(count, 1, 99, &n) && str_is(value, mark) ? n : 0;
}

static void
hop_count(struct app *app, struct response *res, int64_t hops, const char *mark)
{
	struct cookie c = login_cookie_hop(app->config);
	struct buf value;

	buf_init(&value, 64);
	buf_addf(&value, "%lld-%s", (long long)hops, mark);
	login_cookie_set(res, &c, buf_str(&value), HOP_SECONDS);
	buf_done(&value);
}

static void
answer_circle(struct app *app, const struct request *req, struct response *res)
{
	struct cookie c = login_cookie_hop(app->config);

	LOG(LOG_WARN, "renewal_in_circles", { "address", login_address(app, req) });
	login_cookie_clear(res, &c);
	page_error(app->pages, 403, "circle", res);
}

/*
 * Renewing cannot be done, the database is away, say. Who still has a good
 * access token goes on with it, and is not sent here for a while.
 */
static void
answer_unavailable(struct app *app, const struct request *req, struct response *res,
		   struct str return_to, enum err e, const struct why *why)
{
	struct cookie access = access_cookie(app->config);
	struct cookie later = access_cookie_later(app->config);
	enum jwt_refusal refusal;
	struct claims c;

	LOG(LOG_ERROR, "renewal_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	claims_init(&c);
	if (token_check(app->signer, login_cookie_get(req, &access), app->now, &c,
			&refusal) == VERDICT_ALLOW) {
		login_cookie_set(res, &later, STR("1"), LATER_SECONDS);
		response_see_other(res, return_to);
	} else {
		login_unavailable(app, req, res, e);
	}
	claims_done(&c);
}

static void
answer_over(struct app *app, const struct request *req, struct response *res,
	    enum sessions_refreshed outcome)
{
	bool reuse = outcome == REFRESH_REUSE;

	LOG(reuse ? LOG_WARN : LOG_INFO, "renewal_refused",
	    { "reason", reuse ? STR("reuse") : STR("over") },
	    { "address", login_address(app, req) });
	login_cookies_revoke(app, res);
}

/* Renew; false when the session is over and the form has to be shown. */
static bool
renew(struct app *app, const struct request *req, struct response *res,
      struct str return_to, struct str token)
{
	struct str address = login_address(app, req);
	struct why why = { "" };
	struct refresh r;
	enum err e = refresh_renew(app->db, buf_str(&app->session_secret), token,
				   app->config->browser_token_life, address,
				   request_env(req, "HTTP_USER_AGENT"), &r, &why);
	bool ok = e == ERR_OK && r.outcome == REFRESH_OK;

	if (e == ERR_OK && r.outcome == REFRESH_REUSE)
		e = revoke_publish(app->config, app->db, &why);
	if (ok)
		e = login_cookies_grant(app, res, &r.session, str_of(r.next), STR(""),
					&why);
	if (e != ERR_OK) {
		answer_unavailable(app, req, res, return_to, e, &why);
	} else if (ok) {
		LOG(LOG_INFO, "renewed", { "user", str_of(r.session.name) },
		    { "address", address });
		response_see_other(res, return_to);
	} else {
		answer_over(app, req, res, r.outcome);
	}
	refresh_done(&r);
	return e != ERR_OK || ok;
}

/* A page being fetched ahead of a click is no visit. */
static bool
is_visit(const struct request *req)
{
	return request_is(req, "GET") && accept_navigation(req) &&
	       !str_starts_with(request_env(req, "HTTP_SEC_PURPOSE"), STR("prefetch"));
}

bool
login_renew(struct app *app, const struct request *req, struct response *res,
	    struct str return_to)
{
	struct cookie c = login_cookie_session(app->config);
	struct str token = login_cookie_get(req, &c);
	char mark[10];
	int64_t hops;

	if (token.n == 0 || !is_visit(req))
		return false;
	hop_mark(return_to, mark);
	hops = hops_so_far(app, req, mark);
	if (hops >= HOPS_MAX) {
		answer_circle(app, req, res);
		return true;
	}
	hop_count(app, res, hops + 1, mark);
	return renew(app, req, res, return_to, token);
}
