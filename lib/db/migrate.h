/*
 * The schema, compiled in from two kinds of files. Files sql/NNN_noun.sql change
 * tables: each is applied once and in order, and its checksum is kept. sql/functions
 * contains the functions that the programs call: all of them are replaced at each run.
 * A run is one transaction.
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

/* True if this program was built for that schema. */
bool migrate_is_current(const struct migrated *m);

/*
 * Apply what is missing, and the functions in any case. Programs that are running go
 * on. ERR_SCHEMA: the database is newer than this program, is of a version before the
 * first release, or an applied file differs from the one compiled in. Nothing was
 * changed then. `done` is called with the number and name of each file of tables that
 * was applied. It may be NULL; `why` may not.
 */
enum err migrate_run(struct db *raw, void (*done)(int number, const char *name),
		     struct why *why);

/*
 * Append one SQL text, one transaction, that brings a database from the files up to
 * number `from` to those of this program. It does and records what migrate_run does.
 * For a database that can only be reached by a web page, so it is plain SQL. 0: a new
 * database. The text itself refuses a database that is at another number, whose applied
 * files are not ours, or whose encoding is not UTF-8. `last` is done at the end of the
 * transaction. ERR_SYNTAX: there is no file `from`.
 */
enum err migrate_script(struct buf *out, int from, struct str last);

/*
 * Set the database role of `program` (login, account, admin), which is remembered.
 * `*changed` is false if it was the same before. ERR_NOT_FOUND if there is no such
 * role.
 */
enum err migrate_role(struct db *raw, const char *program, struct str role, bool *changed,
		      struct why *why);

/*
 * A row with the role that was set for `program`, unless it owns the tables. Otherwise
 * no row.
 */
enum err migrate_role_of(struct db *raw, const char *program, struct db_rows **rows,
			 struct why *why);

/*
 * Give each role that was set the right to call its own functions, and take all rights
 * from everybody else but the owner.
 */
enum err migrate_rights(struct db *raw, struct why *why);

/* Rows of number, name, checksum, applied at (seconds), in order. */
enum err migrate_list(struct db *raw, struct db_rows **rows, struct why *why);

#endif
