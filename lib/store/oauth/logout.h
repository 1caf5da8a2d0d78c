/*
 * A logout that a client asks for: what is known of the client and of who is here, and the
 * end of the session that an ID token names (sql/functions/oauth.sql, oauth_logout.sql).
 */
#ifndef STORE_OAUTH_LOGOUT_H
#define STORE_OAUTH_LOGOUT_H

#include "db/db.h"

/* The strings borrow from `rows`. */
struct oauth_logout {
	bool found;         /* there is such a client */
	struct str name;    /* of the client, for people */
	struct str logouts; /* its addresses to go to after a logout, one in each line */
	bool here;          /* the session that was asked about is open */
	struct str id_sid;  /* the sid that ID tokens for the client have of it */
	struct db_rows *rows;
};

/*
 * `user` and `sid`: of the session that the browser shows; empty: of none. Call
 * oauth_logout_done after any return.
 */
enum err oauth_logout_look(struct db *db, struct str client, struct str user,
			   struct str sid, struct oauth_logout *logout, struct why *why);
void oauth_logout_done(struct oauth_logout *logout);

/* The session that an ID token names by its sub, aud and sid. */
struct oauth_hinted {
	struct str user, client, id_sid;
};

/*
 * End it. `*ended` is false if it was over, or is not known. `revoked` as in sessions_end
 * (store/sessions.h).
 */
enum err oauth_logout_end(struct db *db, const struct oauth_hinted *hinted,
			  struct str address, struct buf *revoked, bool *ended,
			  struct why *why);

#endif
