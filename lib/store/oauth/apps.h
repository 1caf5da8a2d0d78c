/* What a person has allowed clients, for the person (sql/functions/oauth_apps.sql). */
#ifndef APPS_H
#define APPS_H

#include "db/db.h"

/* Columns of apps_list and apps_of. */
enum apps_column {
	APPS_CLIENT,
	APPS_NAME,
	APPS_SCOPES,   /* words */
	APPS_GIVEN_AT, /* the consent, or the first grant */
	APPS_USED_AT,  /* a grant of it; NULL: none lives */
	APPS_OFFLINE,  /* one of them outlives the session */
	APPS_GRANTS    /* how many live */
};

/* Of the user with that id. */
enum err apps_list(struct db *db, struct str user, struct db_rows **rows,
		   struct why *why);

/* The same of the user `name`, for the operator. */
enum err apps_of(struct db *db, struct str name, struct db_rows **rows, struct why *why);

/*
 * The user takes back what a client was allowed. `*ended` grants end; after that the
 * verifiers must be told (people/session_end.h). It is no error if there was nothing.
 */
enum err apps_withdraw(struct db *db, struct str user, struct str client,
		       struct str address, int64_t *ended, struct why *why);

#endif
