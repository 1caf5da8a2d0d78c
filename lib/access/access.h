/*
 * The one call in front of everything that is protected:
 *
 *   struct identity who;
 *
 *   identity_init(&who);
 *   if (access_require(app, req, resp, &who))
 *           response_json(resp, 200, …);
 *   identity_done(&who);
 *
 * The program names power_verify.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

#include "access/origin.h"
#include "http/cookie.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "token/identity.h"

struct config;

/* The cookie that holds the access token, as the settings want it. */
struct cookie access_cookie(const struct config *config);

/*
 * A short-lived one that says: renewing cannot be done now, ask later. The login
 * sets it, access_renew heeds it. It grants nothing.
 */
struct cookie access_cookie_later(const struct config *config);

/*
 * A cookie travels with whatever makes the browser ask. ORIGIN_OWN when an unsafe
 * request by cookie comes from our own page, or from a script of a listed origin
 * that the settings let use the cookie (access/origin.h).
 */
enum origin access_origin(const struct config *config, const struct request *req);

/*
 * True when a form may be taken on account of its form token alone: nothing says
 * where it came from, and the cookie that the token is bound to is one that no
 * other site can plant, which it is not with plain_http.
 */
bool access_form_decides(const struct config *config, enum origin said);

/* Write the refusal: 403 cross_site or 403 origin_unsaid. `user` may be empty. */
void access_refuse_origin(struct app *app, const struct request *req,
			  struct response *resp, enum origin said, struct str user);

/*
 * True when the request proves who asks; nothing is answered yet. Otherwise
 * the answer is complete:
 *   400 invalid_request   more than one token, or not of its form
 *   401                   no token, or one that is not good (RFC 6750, 3)
 *   403 insufficient_scope  a good one that does not count as signed in: of a client,
 *                         or of another issuer's user without a role (identity.h)
 *   403 cross_site        an unsafe method, by cookie, from another site's page
 *   403 origin_unsaid     the same, and the browser does not say from where
 *   503                   the check could not be done
 * A browser that opens a page (GET) is sent to the login instead of the 401,
 * and also when its token is due to be renewed.
 */
bool access_require(struct app *app, const struct request *req, struct response *resp,
		    struct identity *who);

/*
 * The same for a program whose every unsafe request is a form with a token that is
 * bound to the session, which the caller checks next: the token decides where
 * nothing says where the form came from (access_form_decides). Only a login's token
 * is taken; any other is as good as none here (401).
 */
bool access_require_form(struct app *app, const struct request *req,
			 struct response *resp, struct identity *who);

/*
 * For a token that came in the cookie. True when the answer is complete: a browser
 * that opens a page in the second half of its token's life is sent to the login,
 * which renews it silently and sends it back. access_require does this by itself.
 */
bool access_renew(struct app *app, const struct request *req, struct response *resp,
		  const struct identity *who);

/* What access_check found, for programs that decide for themselves. */
enum access {
	ACCESS_FAILED = 0, /* the check could not be done: 503 */
	ACCESS_NONE,       /* no token at all */
	ACCESS_BAD,        /* 400 invalid_request */
	ACCESS_INVALID,    /* a token, but not a good one */
	ACCESS_KIND, /* a good one of a kind that opens nothing here (not of _check) */
	ACCESS_CROSS_SITE, /* a good one that another site's page made use of */
	ACCESS_UNSAID,     /* a good one, and no word of what page made use of it */
	ACCESS_GRANTED
};

/*
 * The same decision for a token of any kind, without an answer: what the kind opens
 * is for the caller to judge. `by_cookie`: the token came in the cookie.
 */
enum access access_check(struct app *app, const struct request *req, struct identity *who,
			 bool *by_cookie);

/*
 * Write the refusal for `found` (not ACCESS_GRANTED): the status and
 * WWW-Authenticate as above; `redirect` allows the way to the login.
 */
void access_refuse(struct app *app, const struct request *req, struct response *resp,
		   enum access found, bool redirect);

#endif
