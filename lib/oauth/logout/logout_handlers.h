/* The handlers for /oauth/end-session. cgi-bin/oauth.c has their rows. */
#ifndef LOGOUT_HANDLERS_H
#define LOGOUT_HANDLERS_H

#include "http/request.h"
#include "http/response.h"
#include "serve/route.h"

/*
 * GET /oauth/end-session (OpenID Connect RP-Initiated Logout 1.0, 2). If a valid ID token
 * of a client names the session, the session ends at once, and the browser goes on to the
 * address that the client has registered and asked for. Otherwise a page asks the person,
 * and nobody is led anywhere.
 */
void logout_get(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit);

/*
 * POST /oauth/end-session: led to itself as a GET, because a form of another site comes
 * without our cookies.
 */
void logout_post(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);

#endif
