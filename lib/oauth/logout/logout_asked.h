/* What a client asks for at a logout, and what is to be made of it. */
#ifndef LOGOUT_ASKED_H
#define LOGOUT_ASKED_H

#include "http/form.h"
#include "http/request.h"
#include "serve/app.h"
#include "store/oauth/logout.h"
#include "token/id_hint.h"

/* The parameters; empty: absent. */
struct logout_asked {
	struct str hint;      /* id_token_hint */
	struct str client_id; /* client_id */
	struct str address;   /* post_logout_redirect_uri */
	struct str state;
};

void logout_asked_read(const struct form *form, struct logout_asked *asked);

/* What is wrong with it. A page says so, and nobody is led anywhere. Zero: nothing. */
enum logout_fault {
	LOGOUT_GOOD = 0,
	LOGOUT_HINT,   /* no ID token of ours, or of another client than client_id */
	LOGOUT_CLIENT, /* there is no such client */
	LOGOUT_ADDRESS /* not one of the client's */
};

/* What is known of it. */
struct logout_known {
	enum logout_fault fault;
	struct claims here;  /* of the browser's access token; no sub: it has none */
	bool is_here;        /* its session is open */
	struct id_hint hint; /* of a good one; no user: there is none */
	bool is_hinted;      /* nobody else is here than the hint says */
	struct oauth_logout client; /* not found: none was named */
};

/*
 * Find out, with one statement at most. On an error nothing was decided (503). Call
 * logout_known_done after any return.
 */
enum err logout_find_out(struct app *app, const struct request *req,
			 const struct logout_asked *asked, struct logout_known *known,
			 struct why *why);
void logout_known_done(struct logout_known *known);

#endif
