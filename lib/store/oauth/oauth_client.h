/*
 * A client, and what decides about its request for the person who is here
 * (oauth_client_look in sql/functions/oauth.sql).
 */
#ifndef OAUTH_CLIENT_H
#define OAUTH_CLIENT_H

#include "client/client_row.h"
#include "db/db.h"

/* The texts borrow from `rows`. */
struct oauth_look {
	struct db_rows *rows;
	struct client client;
	/* The person with that session; `here` is false, and the rest empty, if it is over. */
	bool here;
	struct str id_sid; /* the session, as ID tokens for this client name it */
	struct str user_name, display_name;
	unsigned ways; /* a set of enum factors_way (store/ways.h) */
	bool has_password;
	int64_t auth_time, auth_age; /* of the login, and seconds since then */
	struct str amr;              /* words */
	bool may;                    /* use the client */
	unsigned has_allowed;        /* scopes that the person has allowed for good */
};

/*
 * `user` and `sid` are those of a verified access token, or empty. `*found` is false if
 * there is no such client. Call oauth_look_done in any case.
 */
enum err oauth_client_look(struct db *db, struct str client, struct str user,
			   struct str sid, struct oauth_look *look, bool *found,
			   struct why *why);
void oauth_look_done(struct oauth_look *look);

#endif
