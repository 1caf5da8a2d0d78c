/*
 * The addresses at which clients of the provider ask without a browser: for tokens (RFC
 * 6749, 3.2), for what a person has told them (OpenID Connect Core, 5.3), and to give
 * tokens back (RFC 7009). Every refusal is JSON (RFC 6749, 5.2; RFC 6750, 3.1).
 */
#ifndef TOKEN_HANDLERS_H
#define TOKEN_HANDLERS_H

#include "serve/route.h"

/*
 * For `before` of the program: answers the preflights of scripts (true), and lets every
 * other request of these addresses say that its answer depends on Origin.
 */
bool token_before(struct app *app, const struct request *req, struct response *res);

/* POST /oauth/token. */
void token_post(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit);

/* GET and POST /oauth/userinfo, with an access token. */
void token_userinfo(struct app *app, const struct request *req, struct response *res,
		    const struct visit *visit);

/* POST /oauth/revoke. */
void token_revoke(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

#endif
