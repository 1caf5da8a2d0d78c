/*
 * Decides what follows for a person who has come with an authorization request that can be
 * granted: a login, a question, a refusal or a code (OpenID Connect Core, 3.1.2.3 to
 * 3.1.2.6). Nothing is looked up and nothing is done here.
 */
#ifndef DECIDE_H
#define DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "access/step_up.h"
#include "client/client_row.h"
#include "oauth/authorize/judge.h"
#include "token/acr.h"

/* The person who is here, as the database knows them. */
struct person {
	bool here;        /* somebody with an open session; otherwise the rest is empty */
	int64_t auth_age; /* seconds since the login */
	enum acr proved;
	bool has_factor, has_passkey;
	bool may; /* use the client */
	unsigned
		has_allowed; /* scopes that the client may have without another question */
};

/* The person that the client expects, by its id_token_hint. */
enum hinted {
	HINTED_NOBODY = 0, /* or the person who is here */
	HINTED_OTHER
};

/* How far this request has come. */
struct progress {
	bool stored;    /* it has been at the login already */
	bool fresh;     /* the person has logged in since it came */
	bool stepped;   /* a stronger login was asked for already */
	bool renewable; /* the browser brought a token that has run out */
	bool allowed;   /* the person has just pressed Allow */
};

enum next {
	NEXT_REFUSE = 0, /* the client is told */
	NEXT_RENEW,      /* to the login, which shows no form, and back */
	NEXT_LOGIN,      /* to the login */
	NEXT_FORBIDDEN,  /* a page: this person may not use the client */
	NEXT_ASK,        /* the page that asks for consent */
	NEXT_GRANT
};

struct decision {
	enum next next;
	enum need need; /* of NEXT_LOGIN */
	bool other;     /* of NEXT_LOGIN: somebody else may log in */
	struct refusal refusal;
};

void decide(const struct wish *wish, const struct client *client,
	    const struct person *person, enum hinted hinted,
	    const struct progress *progress, struct decision *decision);

#endif
