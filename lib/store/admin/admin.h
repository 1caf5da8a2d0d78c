/*
 * The admin pages' view of the database (sql/functions/admin.sql). Each call begins with
 * `sid`, that of the admin's verified token. The database looks up who that is and what
 * they may do.
 */
#ifndef ADMIN_H
#define ADMIN_H

#include "db/db.h"
#include "store/accounts.h"

/* Why the database refuses to answer. Zero refuses. */
enum admin_refusal {
	ADMIN_NO_SESSION = 0, /* no open session of an enabled user: 401 */
	ADMIN_NO_RIGHT,       /* the user has no admin role: 403 */
	ADMIN_NOT_FRESH,      /* the login is older than the setting fresh_login */
	ADMIN_GRANTED
};

/*
 * Run a statement of an admin, as db_query. ERR_OK with another refusal than
 * ADMIN_GRANTED: nothing was done, and `*rows` is NULL.
 */
enum err admin_query(struct db *db, const char *sql, struct db_args *a,
		     struct db_rows **rows, enum admin_refusal *refusal, struct why *why);

#define ADMIN_ROLES_SIZE 4096 /* of a list of roles as words, with NUL */

/* Who asks. What has not been said is empty. */
struct admin {
	char id[UUID_SIZE];
	char name[256];
	char roles[1008]; /* words */
	char display_name[ACCOUNTS_DISPLAY_NAME];
	char language[17];
	char address[ACCOUNTS_ADDRESS];
	bool address_verified;
	int64_t auth_time;
	bool gives_all;                 /* may give every role but those in `refused` */
	char gives[ADMIN_ROLES_SIZE];   /* else, these */
	char refused[ADMIN_ROLES_SIZE]; /* words */
};

/* With another refusal than ADMIN_GRANTED, `admin` is zero. */
enum err admin_find(struct db *db, struct str sid, struct admin *admin,
		    enum admin_refusal *refusal, struct why *why);

/* May this admin give `role`? What the database says when it is given counts. */
bool admin_gives(const struct admin *admin, struct str role);

#endif
