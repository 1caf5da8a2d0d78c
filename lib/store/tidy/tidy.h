/*
 * Upkeep in the database (sql/functions/upkeep.sql): deleting what is over, at once or in
 * steps, how long it is kept, and when all that was last done.
 */
#ifndef TIDY_H
#define TIDY_H

#include "db/db.h"

/* What a step has come to. All false and 0: there is more to do now. */
struct tidy_outcome {
	bool stopped;   /* it had to stop, and nothing was done */
	bool busy;      /* somebody else is at it */
	int64_t wait_s; /* the next step is wanted after this many seconds */
};

/* Do one step: 500 rows at most. It is stopped as `stop` says. */
enum err tidy_step(struct db *db, const struct db_stop *stop,
		   struct tidy_outcome *outcome, struct why *why);

/*
 * Delete all of it, and record that. Days of 0 are those of the retention. Rows of what
 * (text) and how many.
 */
enum err tidy_all(struct db *db, int64_t audit_days, int64_t session_days,
		  struct str actor, struct db_rows **rows, struct why *why);

/*
 * A program has looked after the signing keys. `detail` says what it did, which is
 * recorded; empty: nothing was due. `complete` is false if it could not do everything.
 */
enum err tidy_keys(struct db *db, struct str detail, bool complete, struct why *why);

/* Seconds since 1970; 0: never. */
struct tidy_times {
	int64_t since;     /* when the first upkeep was waited for */
	int64_t tidied_at; /* when everything that was over had last been deleted */
	int64_t keys_at;   /* when the signing keys were last looked after */
};

enum err tidy_last(struct db *db, struct tidy_times *times, struct why *why);

/* How many days rows are kept that are over. */
struct tidy_retention {
	int64_t audit_days, session_days, link_days;
};

enum err tidy_retention(struct db *db, struct tidy_retention *days, struct why *why);

/*
 * Set those that are not 0, and record that. Only the owner of the tables may. ERR_SYNTAX
 * if one is not from 1 to 36500.
 */
enum err tidy_retain(struct db *db, const struct tidy_retention *days, struct str actor,
		     struct why *why);

#endif
