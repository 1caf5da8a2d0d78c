/* Which admin role may give which roles, for the operator (sql/functions/admin.sql). */
#ifndef ADMIN_RIGHTS_H
#define ADMIN_RIGHTS_H

#include "db/db.h"

/*
 * By admin role. Columns: admin role, role (`*`: every one; NULL: none at all),
 * allowed.
 */
enum err rights_list(struct db *db, struct db_rows **rows, struct why *why);

/*
 * Allow or forbid `admin` to give each of `roles`. `*changed` is false if it was so
 * before. ERR_SYNTAX: one of the words is no role; nothing was stored.
 */
enum err rights_set(struct db *db, struct str admin, const struct str *roles, size_t n,
		    bool allowed, struct str actor, bool *changed, struct why *why);

/*
 * `*last`: `name` is the last enabled user with the role doorward-admin.
 */
enum err rights_last_admin(struct db *db, struct str name, bool *last, struct why *why);

/*
 * Store how old the login of an admin may be, in seconds. `raw` is of the owner of the
 * tables.
 */
enum err rights_fresh(struct db *raw, int64_t seconds, struct why *why);

#endif
