/*
 * The schema: numbered migrations compiled in from sql/, each applied once, in
 * order, in a transaction of its own.
 */
#ifndef MIGRATE_H
#define MIGRATE_H

#include "base/buf.h"
#include "db/db.h"

/* The newest migration that this program knows. */
int migrate_newest(void);

/*
 * Apply what is missing. A second run changes nothing. ERR_SCHEMA: the database is newer than this program, or
 * an applied migration is not the one compiled in. `done` is told each number
 * and name as it is applied; it may be NULL. `why` may not.
 */
enum err migrate_run(struct db *raw, void (*done)(int number, const char *name),
		     struct why *why);

/*
 * Append all migrations as one SQL text that records them as migrate_run does,
 * for a new database that only somebody's web page can reach.
 */
enum err migrate_script(struct buf *out);

/*
 * Name the database role of `program` (login, account, admin); it is
 * remembered. `*changed` false: it was that before. ERR_NOT_FOUND when there is no
 * such role.
 */
enum err migrate_role(struct db *raw, const char *program, struct str role, bool *changed,
		      struct why *why);

/* A row with the role that was named for `program`, unless it owns the tables; or none. */
enum err migrate_role_of(struct db *raw, const char *program, struct db_rows **rows,
			 struct why *why);

/*
 * Give the roles that were named the right to call their own functions, and
 * take every right from everybody else but the owner.
 */
enum err migrate_rights(struct db *raw, struct why *why);

/* The newest migration applied; 0 when none was. */
enum err migrate_number(struct db *raw, int *number, struct why *why);

/* Rows of number, name, checksum, applied at (seconds), in order. */
enum err migrate_list(struct db *raw, struct db_rows **rows, struct why *why);

#endif
