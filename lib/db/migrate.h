/*
 * The schema, compiled in from two kinds of files. sql/NNN_noun.sql changes tables: each is
 * applied once, in order, and its checksum is kept. sql/functions holds the functions that
 * the programs call: all of them are replaced at each run. A run is one transaction.
 */
#ifndef MIGRATE_H
#define MIGRATE_H

#include "base/buf.h"
#include "db/db.h"

/* What a database has. */
struct migrated {
	int number;         /* of the newest file of tables; 0: none was applied */
	char functions[65]; /* SHA-256 of its functions; empty: none were applied */
	bool unreleased;    /* it is of a version before the first release */
};

enum err migrate_find(struct db *raw, struct migrated *m, struct why *why);

/* Is that what this program was built for? */
bool migrate_is_current(const struct migrated *m);

/*
 * Apply what is missing, and the functions in any case. Programs that run meanwhile go
 * on. ERR_SCHEMA, and nothing was changed: the database is newer than this program, of a
 * version before the first release, or an applied file is not the one compiled in.
 * `done` is told each number and name of a file of tables that was applied; it may be
 * NULL. `why` may not.
 */
enum err migrate_run(struct db *raw, void (*done)(int number, const char *name),
		     struct why *why);

/*
 * Append all of it as one SQL text that records it as migrate_run does, for a new
 * database that only somebody's web page can reach.
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

/* Rows of number, name, checksum, applied at (seconds), in order. */
enum err migrate_list(struct db *raw, struct db_rows **rows, struct why *why);

#endif
