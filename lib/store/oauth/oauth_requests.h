/*
 * Authorization requests that wait while a person logs in or is asked
 * (sql/functions/oauth_requests.sql), and the codes that answer them
 * (oauth_code_make in sql/functions/oauth_codes.sql). `browser` is the SHA-256 of the
 * cookie (access/asking.h).
 */
#ifndef OAUTH_REQUESTS_H
#define OAUTH_REQUESTS_H

#include "client/client_scope.h"
#include "db/db.h"

struct oauth_request_new {
	struct str id, browser, client;
	struct str query;      /* as it came */
	struct str leads_to;   /* where its forms may end (client/client_redirect.h) */
	struct str login_hint; /* may be empty */
	struct str address;    /* of the browser */
};

/* Zero: nothing was stored. */
enum oauth_put {
	OAUTH_PUT_GONE = 0, /* there is no such client */
	OAUTH_PUT_BIG,
	OAUTH_PUT_FULL, /* too many wait */
	OAUTH_PUT_OK
};

enum err oauth_request_put(struct db *db, const struct oauth_request_new *request,
			   enum oauth_put *outcome, struct why *why);

/* The texts borrow from `rows`. */
struct oauth_request {
	struct db_rows *rows;
	struct str client, query;
	bool stepped;  /* a stronger login was asked for */
	bool fresh;    /* the session `sid` has logged in since the request came */
	bool answered; /* it does not wait any more */
	struct str leads_to;
};

/*
 * `user` and `sid` are those of a verified access token, or empty. Call
 * oauth_request_done in any case.
 */
enum err oauth_request_look(struct db *db, struct str id, struct str browser,
			    struct str user, struct str sid,
			    struct oauth_request *request, bool *found, struct why *why);
void oauth_request_done(struct oauth_request *request);

/* A stronger login is asked for. `*found` is false if the request is not there. */
enum err oauth_request_step(struct db *db, struct str id, struct str browser, bool *found,
			    struct why *why);

/* The request is answered. `*found` is false if it was not there. */
enum err oauth_request_end(struct db *db, struct str id, struct str browser, bool *found,
			   struct why *why);

struct oauth_code_new {
	struct str user, sid; /* of a verified access token */
	struct str client;
	unsigned scopes;
	struct str redirect;
	struct str challenge, nonce; /* may be empty */
	struct str hash;             /* SHA-256 of the code */
	int64_t life;                /* seconds */
	bool consented;              /* the person has just said yes */
	struct str request, browser; /* of the stored request; empty: it did not wait */
	struct str address;
};

/* Zero: nothing was stored. */
enum oauth_made {
	OAUTH_MADE_OVER = 0,  /* the session is over */
	OAUTH_MADE_GONE,      /* the request is not there, or the client has changed */
	OAUTH_MADE_FORBIDDEN, /* the person may not use the client */
	OAUTH_MADE_CONSENT,   /* the person has to be asked */
	OAUTH_MADE_OK
};

enum err oauth_code_make(struct db *db, const struct oauth_code_new *code,
			 enum oauth_made *made, struct why *why);

#endif
