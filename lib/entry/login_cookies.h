/*
 * The cookies of a login. All are HttpOnly. Their names have the prefix that their
 * scope and the settings allow (http/cookie.h).
 *
 *   doorward          /       the access token (access.h)
 *   doorward-session  /login  the refresh token
 *   doorward-device   /login  this browser has logged in before (page/known_device.h)
 *   doorward-form     /       what its form's token is bound to (page/visitor_form.h)
 *   doorward-flow     /login  the ticket of a login that wants one more proof (mfa/mfa.h)
 *   doorward-hop      /login  how often it was renewed in a row (login_renew.c)
 */
#ifndef LOGIN_COOKIES_H
#define LOGIN_COOKIES_H

#include <stdbool.h>
#include <stdint.h>

#include "http/cookie.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "store/sessions.h"

struct cookie login_cookie_session(const struct config *config);
struct cookie login_cookie_flow(const struct config *config);
struct cookie login_cookie_hop(const struct config *config);

/*
 * Put an access token for `session`, good for `life` seconds, into its cookie, and
 * `refresh` into the other cookie.
 */
void login_cookies_put(struct app *app, struct response *res,
		       const struct session *session, struct str token, int64_t life,
		       struct str refresh);

/* Remove what a logout removes: access and refresh token. */
void login_cookies_revoke(struct app *app, struct response *res);

#endif
