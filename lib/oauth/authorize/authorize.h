/*
 * /oauth/authorize and /oauth/consent: a client asks who is here (OpenID Connect Core, 3.1.2;
 * RFC 6749, 4.1; RFC 9700). cgi-bin/oauth.c has their rows.
 */
#ifndef AUTHORIZE_H
#define AUTHORIZE_H

#include "serve/route.h"

/*
 * GET /oauth/authorize: the request, or ?id= of a stored one. Answers with a page, or leads
 * to the login, or back to the client with a code or an error.
 */
void authorize_get(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

/*
 * POST /oauth/authorize: leads to itself as GET. Cookies with SameSite=Lax do not come with
 * a POST of another site, but they come with the GET that follows.
 */
void authorize_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *visit);

/* A person in their own browser, whose form says where it came from. */
route_check authorize_owner;

/* POST /oauth/consent: the person has pressed a button of the page that asks. */
void authorize_consent(struct app *app, const struct request *req, struct response *res,
		       const struct visit *visit);

#endif
