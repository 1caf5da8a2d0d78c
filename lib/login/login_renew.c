/*
 * Silent renewal: a browser whose access token has expired, or soon will, is sent
 * here, gets new cookies and is sent back without seeing a form.
 */
#include "login/login_handlers.h"

#include <string.h>

#include "access/access.h"
#include "access/client.h"
#include "base/base64url.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/hash.h"
#include "entry/login_cookies.h"
#include "http/accept.h"
#include "login/renewal.h"
#include "page/hearers.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"

#define HOP_SECONDS 10
#define LATER_SECONDS 60 /* time until the next try, if renewing is not possible now */
#define HOPS_MAX 4       /* arrivals for one address within HOP_SECONDS */

/*
 * A browser may be sent back and arrive again at once, over and over. Then it drops
 * the new cookie, or its token is refused, and going on is useless. The hop cookie
 * counts the arrivals for one address ("2-HASH").
 */
struct hop {
	struct str return_to;
	char mark[10];
	int64_t before;
};

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
	struct str value = cookie_get(req, &c);
	struct str count = str_cut(&value, '-');
	int64_t n;

	return str_to_int(count, 1, 99, &n) && str_is(value, mark) ? n : 0;
}

/* Send the browser back to where it came from. This counts as a hop. */
static void
answer_back(struct app *app, struct response *res, const struct hop *hop)
{
	struct cookie c = login_cookie_hop(app->config);
	struct buf value;

	buf_init(&value, 64);
	buf_addf(&value, "%lld-%s", (long long)hop->before + 1, hop->mark);
	cookie_put(res, &c, buf_str(&value), HOP_SECONDS);
	buf_done(&value);
	response_see_other(res, hop->return_to);
}

static void
answer_circle(struct app *app, const struct request *req, struct response *res)
{
	struct cookie c = login_cookie_hop(app->config);

	LOG(LOG_WARN, "renewal_in_circles", { "address", client_address(app, req) });
	cookie_drop(res, &c);
	app_page_error(app, req, 403, "circle", res);
}

/*
 * Renewing is not possible, for example because the database is away. A browser that
 * still has a good access token goes on with it, and is not sent here for a while.
 */
static void
answer_unavailable(struct app *app, const struct request *req, struct response *res,
		   const struct hop *hop, enum err e, const struct why *why)
{
	struct cookie access = access_cookie(app->config);
	struct cookie later = access_cookie_later(app->config);
	enum jwt_refusal refusal;
	struct claims c;

	LOG(LOG_ERROR, "renewal_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	claims_init(&c);
	if (token_check(app_signer(app), cookie_get(req, &access), app->now, &c,
			&refusal) == VERDICT_ALLOW) {
		cookie_put(res, &later, STR("1"), LATER_SECONDS);
		answer_back(app, res, hop);
	} else {
		serve_unavailable(app, req, res, e);
	}
	claims_done(&c);
}

/*
 * Did another tab of this browser renew a moment ago, so that this request was sent
 * before the new cookies came? Then the browser just goes on with the new cookies:
 * each renewal uses a token up, and pending requests of the first tabs would look like
 * copies. A token whose sid is in the revocation file does not count.
 */
static bool
is_new_already(struct app *app, const struct request *req)
{
	struct cookie access = access_cookie(app->config);
	struct cookie hop = login_cookie_hop(app->config);
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum jwt_refusal refusal;
	struct claims c;
	bool is_new;

	if (cookie_get(req, &hop).n == 0)
		return false;
	claims_init(&c);
	is_new = token_check(app_signer(app), cookie_get(req, &access), app->now, &c,
			     &refusal) == VERDICT_ALLOW &&
		 identity_kind_of(&c) == IDENTITY_LOGIN &&
		 app->now - c.iat <= HOP_SECONDS && !session_end_is_told(&hearers, c.sid);
	claims_done(&c);
	return is_new;
}

/* Renew. False if the session is over and the form must be shown. */
static bool
renew(struct app *app, const struct request *req, struct response *res,
      const struct hop *hop, struct str token)
{
	struct why why = { "" };
	struct renewal r;
	enum err e =
		renewal_run(app, req, token, app->config->browser_token_life, &r, &why);
	bool answered = e != ERR_OK || r.done;

	if (e != ERR_OK && renewal_is_over(&r)) {
		LOG(LOG_ERROR, "renewal_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		serve_unavailable(app, req, res,
				  e); /* do not go on with a token of an ended session */
	} else if (e != ERR_OK) {
		answer_unavailable(app, req, res, hop, e, &why);
	} else if (r.done) {
		login_cookies_put(app, res, &r.refresh.session, buf_str(&r.token),
				  r.expires_in, str_of(r.refresh.next));
		answer_back(app, res, hop);
	} else {
		login_cookies_revoke(app, res);
	}
	renewal_done(&r);
	return answered;
}

/* A page that the browser prefetches is no visit. */
static bool
is_visit(const struct request *req)
{
	return request_is(req, "GET") && accept_navigation(req) &&
	       !str_starts_with(request_env(req, "HTTP_SEC_PURPOSE"), STR("prefetch"));
}

/* Count this arrival. False if it is one too many, which is then answered. */
static bool
start_hop(struct app *app, const struct request *req, struct response *res,
	  struct str return_to, struct hop *hop)
{
	*hop = (struct hop){ .return_to = return_to };
	hop_mark(return_to, hop->mark);
	hop->before = hops_so_far(app, req, hop->mark);
	if (hop->before < HOPS_MAX)
		return true;
	answer_circle(app, req, res);
	return false;
}

void
login_go_back(struct app *app, const struct request *req, struct response *res,
	      struct str return_to)
{
	struct hop hop;

	if (start_hop(app, req, res, return_to, &hop))
		answer_back(app, res, &hop);
}

bool
login_renew(struct app *app, const struct request *req, struct response *res,
	    struct str return_to)
{
	struct cookie c = login_cookie_session(app->config);
	struct str token = cookie_get(req, &c);
	struct hop hop;

	if (token.n == 0 || !is_visit(req))
		return false;
	if (!start_hop(app, req, res, return_to, &hop))
		return true;
	if (is_new_already(app, req)) {
		answer_back(app, res, &hop);
		return true;
	}
	return renew(app, req, res, &hop, token);
}
