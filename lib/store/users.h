/*
 * What the operator does to users (sql/functions/users.sql). `actor` goes into the
 * audit table. `*found` is false if there is no such user; nothing was stored then.
 * `*ended` is the number of sessions that were affected.
 */
#ifndef USERS_H
#define USERS_H

#include "db/db.h"
#include "store/sessions.h"

struct users_new {
	struct str name;
	const struct str *roles;
	size_t n_roles;
	struct str hash; /* empty: no password */
	struct str mail; /* an address; empty: none */
	bool verified;   /* it is known to be theirs */
};

/*
 * ERR_EXISTS if the name is taken, was given up, or is an address that is not the
 * user's own verified one, or if `mail` belongs to somebody else; `why` says which.
 * ERR_SYNTAX if name, roles or `mail` are not valid. The new id goes to `id`.
 */
enum err users_add(struct db *db, const struct users_new *user, struct str actor,
		   char id[UUID_SIZE], struct why *why);

enum err users_password(struct db *db, struct str name, struct str hash, struct str actor,
			bool *found, int64_t *ended, struct why *why);
enum err users_disable(struct db *db, struct str name, bool disabled, struct str actor,
		       bool *found, int64_t *ended, struct why *why);
enum err users_roles(struct db *db, struct str name, const struct str *add, size_t n_add,
		     const struct str *remove, size_t n_remove, struct str actor,
		     bool *found, int64_t *ended, struct why *why);

/*
 * Another name for the same user. ERR_NOT_FOUND, ERR_EXISTS (as of users_add) and
 * ERR_SYNTAX with a reason; `*renewed` sessions have to renew their tokens.
 */
enum err users_rename(struct db *db, struct str name, struct str new_name,
		      struct str actor, int64_t *renewed, struct why *why);

/* NULL leaves it unchanged; "" removes it. */
struct users_change {
	const char *mail; /* what was mailed to the one before opens nothing more */
	bool verified;    /* `mail` is known to be theirs */
	const char *display_name;
	const char *language;
};

/*
 * ERR_NOT_FOUND. ERR_EXISTS: the address belongs to somebody else, or the user is
 * named after the present address. ERR_SYNTAX: one of them is not valid. Nothing is
 * stored after an error.
 */
enum err users_set(struct db *db, struct str name, const struct users_change *change_to,
		   struct str actor, struct why *why);

/*
 * Everything about the user except the rows of the audit. With `blank` these lose
 * name, address and detail, too.
 */
enum err users_delete(struct db *db, struct str name, bool blank, struct str actor,
		      bool *found, int64_t *ended, struct why *why);

enum err users_unlock(struct db *db, struct str name, struct str actor, bool *found,
		      struct why *why);
enum err users_sessions_end(struct db *db, struct str name, struct str actor, bool *found,
			    int64_t *ended, struct why *why);

/*
 * One user, or with an empty name all, by name. Columns: id, name, roles (as
 * words), disabled, has a password, created at, last login at (or NULL), address (or
 * NULL), it is verified.
 */
enum err users_list(struct db *db, struct str name, struct db_rows **rows,
		    struct why *why);

/*
 * Everything about one user. No row: there is no such user. Columns: id, name, display
 * name, roles, disabled, address, when it was verified, a new address that is not
 * verified yet, language, created at, password set at (NULL: has none), last login at,
 * open sessions, whether wrong tries delay the next login.
 */
enum err users_show(struct db *db, struct str name, struct db_rows **rows,
		    struct why *why);

#endif
