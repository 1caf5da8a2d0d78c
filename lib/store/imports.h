/*
 * Users from elsewhere and users to elsewhere, many in one statement
 * (sql/functions/import.sql).
 */
#ifndef STORE_IMPORTS_H
#define STORE_IMPORTS_H

#include "db/db.h"

#define IMPORTS_BYTES_MAX 61440 /* of `users` */

/*
 * Store the users of a JSON array of objects. With `dry` nothing is stored. Rows in the
 * order of the array: outcome, key of the name, key of the verified address. ERR_EXISTS:
 * somebody else stored one of them meanwhile, and nothing was stored; try again.
 */
enum err imports_add(struct db *db, struct str users, bool dry, struct str actor,
		     struct db_rows **rows, struct why *why);

/*
 * Up to `limit` users by name, those after the key `after` (empty: from the start).
 * Columns: id, name, address (or NULL), verified, display name (or NULL), roles (as
 * words), disabled, created at, last login at (or NULL), key of the name.
 */
enum err imports_list(struct db *db, struct str after, int64_t limit,
		      struct db_rows **rows, struct why *why);

/*
 * Columns: id, password hash (or NULL), of the same users unless somebody changed them
 * meanwhile. Only the owner of the tables may.
 */
enum err imports_list_hashes(struct db *db, struct str after, int64_t limit,
			     struct db_rows **rows, struct why *why);

#endif
