/*
 * What a client may hear of a person (OpenID Connect Core, 5.1 and 5.4), as JSON: for
 * userinfo, and for the ID tokens of clients that want it there.
 */
#ifndef PERSON_CLAIMS_H
#define PERSON_CLAIMS_H

#include "jose/jwt/claims.h"
#include "store/oauth/oauth_tokens.h"

#define PERSON_CLAIMS_MAX 8

struct person_claims {
	struct claims_member list[PERSON_CLAIMS_MAX];
	size_t n;
	struct buf text; /* which the values borrow from */
};

/*
 * Those of the scopes (client/client_scope.h). ERR_MEMORY, ERR_LIMIT. Call
 * person_claims_done after any return.
 */
enum err person_claims_make(const struct oauth_grant *g, unsigned scopes,
			    struct person_claims *p);
void person_claims_done(struct person_claims *p);

#endif
