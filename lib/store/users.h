/*
 * What the operator does to users (sql/functions/users.sql). `actor`
 * goes into the audit table. `*found` false: there is no such user, and
 * nothing was stored; `*ended` is the number of sessions that felt it.
 */
#ifndef USERS_H
#define USERS_H

#include "db/db.h"
#include "store/sessions.h"

/*
 * ERR_EXISTS when the name is taken or was given up, as `why` says; ERR_SYNTAX when name or roles are not
 * valid. An empty hash makes a user without a password. The new id goes to
 * `id`.
 */
enum err users_add(struct db *db, struct str name, const struct str *roles, size_t n,
		   struct str hash, struct str actor, char id[UUID_SIZE],
		   struct why *why);

enum err users_password(struct db *db, struct str name, struct str hash, struct str actor,
			bool *found, int64_t *ended, struct why *why);
enum err users_disable(struct db *db, struct str name, bool disabled, struct str actor,
		       bool *found, int64_t *ended, struct why *why);
enum err users_roles(struct db *db, struct str name, const struct str *add, size_t n_add,
		     const struct str *remove, size_t n_remove, struct str actor,
		     bool *found, int64_t *ended, struct why *why);

/*
 * Another name for the same user. ERR_NOT_FOUND, ERR_EXISTS (taken or given up) and
 * ERR_SYNTAX with a reason; `*renewed` sessions have to renew their tokens.
 */
enum err users_rename(struct db *db, struct str name, struct str new_name,
		      struct str actor, int64_t *renewed, struct why *why);

/* All that is kept about the user but the audit's rows. */
enum err users_delete(struct db *db, struct str name, struct str actor, bool *found,
		      int64_t *ended, struct why *why);

enum err users_unlock(struct db *db, struct str name, struct str actor, bool *found,
		      struct why *why);
enum err users_sessions_end(struct db *db, struct str name, struct str actor, bool *found,
			    int64_t *ended, struct why *why);

/*
 * One user, or with an empty name all, by name. Columns: id, name, roles (as
 * words), disabled, has a password, created at, last login at (or NULL).
 */
enum err users_list(struct db *db, struct str name, struct db_rows **rows,
		    struct why *why);

#endif
