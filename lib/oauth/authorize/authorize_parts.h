/* What the files of this room share. */
#ifndef AUTHORIZE_PARTS_H
#define AUTHORIZE_PARTS_H

#include "access/asking.h"
#include "oauth/authorize/asked.h"
#include "oauth/authorize/decide.h"
#include "oauth/authorize/judge.h"
#include "serve/app.h"
#include "store/oauth/oauth_client.h"
#include "store/oauth/oauth_requests.h"
#include "token/identity.h"

#define AUTHORIZE_ID_SIZE 37        /* of a stored request, with its NUL */
#define AUTHORIZE_CODE_LIFE 60      /* seconds */
#define AUTHORIZE_LOCATION_MAX 8000 /* bytes; servers take 8,190 in a header line */
#define AUTHORIZE_PURPOSE "consent" /* of the form token (access/csrf.h) */

/* One request, from its arrival to its answer. */
struct authorize {
	struct app *app;
	const struct request *req;
	struct response *res;
	struct identity who;  /* of a good token in the cookie; or nobody */
	struct str user, sid; /* theirs; or empty */
	bool renewable; /* the cookie has a token that is not good, or not any more */
	/* Of the stored request; `id` is empty if it is not stored. */
	char id[AUTHORIZE_ID_SIZE];
	unsigned char browser[ASKING_BROWSER_SIZE];
	struct oauth_request row;
	struct asked asked;
	struct oauth_look look;
	struct wish wish;
	enum hinted hinted;
	bool allowed; /* the person has pressed Allow */
};

void authorize_init(struct authorize *a, struct app *app, const struct request *req,
		    struct response *res);
void authorize_done(struct authorize *a);

/* ---- authorize_read.c: each is false if the answer is complete ---- */

/* The person by the token in the cookie. */
bool authorize_find_person(struct authorize *a);
void authorize_take_person(struct authorize *a, const struct identity *who);

/* The stored request with this id, if this browser has it. */
bool authorize_find_stored(struct authorize *a, struct str id);

/* Read the query, look up the client, judge. */
bool authorize_judge(struct authorize *a, struct str query);

/* ---- authorize_act.c: what follows, which completes the answer ---- */

void authorize_go_on(struct authorize *a);

/* ---- authorize_store.c: false if the answer is complete ---- */

/* Keep the request in the database, unless it is stored. */
bool authorize_store(struct authorize *a);

/* ---- authorize_back.c: back to the client, and pages ---- */

struct str authorize_redirect_uri(const struct authorize *a);

/* Can the client be given this code, or is the state too long? */
bool authorize_code_fits(const struct authorize *a, struct str code);

void authorize_send_error(struct authorize *a, const struct refusal *refusal);
void authorize_send_code(struct authorize *a, struct str code);

/* 503, with the reason in the log. */
void authorize_unavailable(struct authorize *a, enum err e, const struct why *why);

/* ---- pages ---- */

void authorize_page_mistake(struct authorize *a, enum mistake mistake);

/* The request is over: answered, too old, or of another browser. `key` is of a phrase. */
void authorize_page_over(struct authorize *a, int status, const char *key);

/*
 * Ask the person, or say that they may not use the client. The request is stored.
 * `problem` is the key of a phrase, or empty.
 */
void authorize_page_ask(struct authorize *a, int status, const char *problem);
void authorize_page_forbidden(struct authorize *a);

#endif
