/*
 * The one call that every protected program makes first:
 *
 *   struct identity who;
 *
 *   identity_init(&who);
 *   if (access_require(app, req, resp, &who))
 *         response_json(resp, 200, …);
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
 * A cookie for a short time that says: renewing is not possible now, ask later. The
 * login sets it and access_renew reads it. It grants nothing.
 */
struct cookie access_cookie_later(const struct config *config);

/*
 * Other sites can make a browser send a request with its cookies. ORIGIN_OWN if an
 * unsafe request with a cookie comes from our own page, or from a script of a listed
 * origin that the settings allow to use the cookie (access/origin.h).
 */
enum origin access_origin(const struct config *config, const struct request *req);

/*
 * True if a form may be accepted by its form token alone: nothing says where the form
 * came from, and no other site can plant the cookie that the token is bound to. With
 * plain_http it can be planted.
 */
bool access_form_decides(const struct config *config, enum origin said);

/* Write the refusal: 403 cross_site or 403 origin_unsaid. `user` may be empty. */
void access_refuse_origin(struct app *app, const struct request *req,
			  struct response *resp, enum origin said, struct str user);

/*
 * True if the request proves who sent it. Nothing is answered then. Otherwise the
 * answer is complete:
 *
 *   400 invalid_request     more than one token, or a malformed one
 *   401                     no token, or one that is not good (RFC 6750, 3)
 *   403 insufficient_scope  a good token that does not count as signed in: of a
 *                           client, or of another issuer's user without a role
 *                           (identity.h)
 *   403 cross_site          an unsafe method with a cookie, from a page of another
 *                           site
 *   403 origin_unsaid       the same, and the browser does not say where it comes from
 *   503                     the check could not be done
 *
 * A browser that opens a page (GET) is sent to the login instead of the 401, and also
 * if its token should be renewed.
 */
bool access_require(struct app *app, const struct request *req, struct response *resp,
		    struct identity *who);

/*
 * As access_require, for a program whose unsafe requests are all forms with a token
 * that is bound to the session. The caller checks that token next. It decides if
 * nothing says where the form came from (access_form_decides). Only a login's token is
 * accepted; any other counts as none here (401).
 */
bool access_require_form(struct app *app, const struct request *req,
			 struct response *resp, struct identity *who);

/*
 * As access_require_form, for people with a browser only: a token that did not come in
 * the cookie counts as none here, too.
 */
bool access_require_browser(struct app *app, const struct request *req,
			    struct response *resp, struct identity *who);

/*
 * For a token in a cookie. True if the answer is complete: a browser that opens a page
 * in the second half of its token's life is sent to the login. The login renews the
 * token without being noticed and sends the browser back. access_require calls this
 * itself.
 */
bool access_renew(struct app *app, const struct request *req, struct response *resp,
		  const struct identity *who);

/* The result of access_check, for programs that decide for themselves. */
enum access {
	ACCESS_FAILED = 0, /* the check could not be done: 503 */
	ACCESS_NONE,       /* no token at all */
	ACCESS_BAD,        /* 400 invalid_request */
	ACCESS_INVALID,    /* a token, but not a good one */
	ACCESS_KIND, /* a good one of a kind that opens nothing here (not from _check) */
	ACCESS_CROSS_SITE, /* a good one, but the request comes from a page of another
			    * site */
	ACCESS_UNSAID,     /* a good one, but nothing says which page sent the request */
	ACCESS_GRANTED
};

/*
 * The same decision for a token of any kind, without an answer. The caller decides
 * what the kind opens. `by_cookie`: the token came in the cookie.
 */
enum access access_check(struct app *app, const struct request *req, struct identity *who,
			 bool *by_cookie);

/*
 * Write the refusal for `found` (not ACCESS_GRANTED) with the status and
 * WWW-Authenticate as above. `redirect`: a browser may be sent to the login instead.
 */
void access_refuse(struct app *app, const struct request *req, struct response *resp,
		   enum access found, bool redirect);

#endif
