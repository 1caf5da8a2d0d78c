/*
 * The tokens that a grant gives: an access token and, with the scope openid, an ID token.
 * Only lib/oauth/token includes this.
 */
#ifndef TOKEN_MADE_H
#define TOKEN_MADE_H

#include "oauth/token/token_answer.h"

struct token_made {
	struct buf access, id; /* `id` is empty without the scope openid */
	struct buf scope;      /* words */
	int64_t expires_in;
};

/*
 * Could both be signed? This is asked before a code is used up. False: the answer is
 * complete (503).
 */
bool token_keys(struct app *app, const struct request *req, struct response *res,
		struct str client);

/*
 * Make them for `scopes` (client/client_scope.h), which are among those of the grant.
 * ERR_NOT_FOUND: no key may sign. ERR_LIMIT: the grant ends now. Call token_made_done
 * after any return.
 */
enum err token_make(struct app *app, struct str client, const struct oauth_grant *g,
		    unsigned scopes, struct token_made *made, struct why *why);
void token_made_done(struct token_made *made);

/* 200 (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3). */
void token_give(struct app *app, const struct request *req, struct response *res,
		const struct token_made *made, struct str refresh);

/* POST /oauth/token with grant_type=refresh_token, of a client that has been read. */
void token_by_refresh(struct app *app, const struct request *req, struct response *res,
		      const struct form *form, const struct client_proof *p);

#endif
