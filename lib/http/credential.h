/*
 * Finds the access token of a request (RFC 6750, 2). A client chooses between several
 * places: Authorization, the alternative header, the form, the query. Exactly one of
 * them may hold a token. An unclear request is refused; nothing is guessed. The cookie
 * counts only if none of these places holds anything, because a browser adds it to
 * every request of a script.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <stdbool.h>

#include "base/str.h"
#include "http/cookie.h"
#include "http/form.h"
#include "http/request.h"

enum credential_found {
	CREDENTIAL_NONE, /* 401 without an error code (RFC 6750, 3.1) */
	CREDENTIAL_ONE,
	CREDENTIAL_BAD /* 400 invalid_request: more than one, or malformed */
};

enum credential_source {
	SOURCE_AUTHORIZATION, /* Authorization: Bearer TOKEN */
	SOURCE_HEADER,        /* the alternative header */
	SOURCE_COOKIE,
	SOURCE_FORM, /* access_token in the body */
	SOURCE_QUERY /* access_token in the query, which ends up in logs */
};

/* The places to look at. Authorization is always one of them. */
struct credential_places {
	struct cookie cookie; /* name NULL: none */
	const char *header;   /* like "HTTP_X_TOKEN"; NULL: none */
	bool form;
	bool query;
};

/* `token` borrows from the request or from `bytes`. credential_done wipes it. */
struct credential {
	enum credential_source source;
	struct str token;
	struct form form, query;
};

enum credential_found credential_find(struct credential *c, const struct request *r,
				      const struct credential_places *places);
void credential_done(struct credential *c);

/* b64token of RFC 6750, 2.1: one or more of A-Z a-z 0-9 - . _ ~ + /, then any =. */
bool credential_is_b64token(struct str s);

/* True if there is an access_token in the query, well formed or not. */
bool credential_in_query(struct str query);

/* True if the browser added it by itself, as it does to requests from other sites. */
bool credential_is_ambient(enum credential_source source);

#endif
