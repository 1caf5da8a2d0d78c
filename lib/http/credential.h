/*
 * Where the access token of a request is (RFC 6750, 2). Of the places that a client
 * chooses (Authorization, the alternative header, form, query) exactly one may hold
 * it; anything unclear is refused instead of guessed. The cookie counts only where
 * none of them holds anything: a browser sends it along with whatever a script asks.
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
	CREDENTIAL_BAD /* 400 invalid_request: more than one, or not of its form */
};

enum credential_source {
	SOURCE_AUTHORIZATION, /* Authorization: Bearer TOKEN */
	SOURCE_HEADER,        /* the alternative header */
	SOURCE_COOKIE,
	SOURCE_FORM, /* access_token in the body */
	SOURCE_QUERY /* access_token in the query: it ends up in logs */
};

/* Where to look. Authorization always counts. */
struct credential_places {
	struct cookie cookie; /* name NULL: none */
	const char *header;   /* like "HTTP_X_TOKEN"; NULL: none */
	bool form;
	bool query;
};

/* `token` borrows from the request or from `bytes`. Wiped by credential_done. */
struct credential {
	enum credential_source source;
	struct str token;
	struct form form, query;
};

enum credential_found credential_find(struct credential *c, const struct request *r,
				      const struct credential_places *places);
void credential_done(struct credential *c);

/* b64token of RFC 6750, 2.1: one or more of A-Z a-z 0-9 - . _ ~ + / and then =. */
bool credential_is_b64token(struct str s);

/* True when an access_token stands in the query, well formed or not. */
bool credential_in_query(struct str query);

/* True for a browser's own doing: the cookie travels with requests of others. */
bool credential_is_ambient(enum credential_source source);

#endif
