/*
 * The database for the operator's command: with database_admin, which owns the tables.
 */
#ifndef COMMAND_DATABASE_H
#define COMMAND_DATABASE_H

#include "bin/command.h"
#include "db/db.h"
#include "people/session_end.h"

#define DATABASE_OUT_MAX ((size_t)1 << 30) /* of one answer */

#define DATABASE_ACTOR_SIZE 80

struct database {
	struct config config;
	struct db *db;
	char actor[DATABASE_ACTOR_SIZE]; /* operator:NAME, for the audit table */
};

/* The actor for the audit table: operator:NAME, with the user of this process. */
void database_actor(char actor[DATABASE_ACTOR_SIZE]);

/* Read the settings and prepare to connect, or complain. `raw` as in db_open_raw. */
bool database_open(struct database *d, bool raw);
void database_close(struct database *d);

/*
 * The result of a call: complains about `e` (ERR_OK: nothing) and returns the exit
 * status.
 */
int database_result(enum err e, const struct why *why);

/*
 * Sessions were ended: session_end. An error means that they ended, but their access
 * tokens are still accepted.
 */
enum err database_end(struct database *d, enum session_reason reason, struct why *why);

/* As command_write, but complains if `out` is incomplete. */
bool database_write(const struct buf *out);

/*
 * The end of an action that lists rows: complains about `e`, or writes what `put`
 * makes of `*rows`. Frees the rows, closes `d` and returns the exit status.
 */
int database_show(struct database *d, enum err e, const struct why *why,
		  struct db_rows **rows,
		  void (*put)(struct buf *out, const struct db_rows *rows));

/* YYYY-MM-DD HH:MM of seconds since 1970, in UTC; "-" for NULL. */
struct str database_time(const struct db_rows *rows, size_t row, int column,
			 char text[32]);

/* db script: the schema and a first user as SQL (db_script.c). */
command_run db_script;

/* db tidy, db retention (db_upkeep.c). */
command_run db_tidy;
command_run db_retention;

#endif
