/*
 * Users on their way into the database: many in one statement, which is one transaction.
 */
#ifndef COMMAND_IMPORT_BATCH_H
#define COMMAND_IMPORT_BATCH_H

#include "base/buf.h"
#include "bin/db/database.h"
#include "bin/user/import_seen.h"
#include "import/import.h"

#define IMPORT_BATCH_USERS 250

struct import_batch {
	struct database *d;
	bool weak, verified, dry; /* the options */

	struct buf json; /* the users of this batch */
	size_t lines[IMPORT_BATCH_USERS];
	struct buf names; /* of them, each with a NUL at its end */
	size_t n;
	struct import_seen seen;

	size_t good, same, refused; /* of all batches */
	bool failed;                /* the work cannot go on; it was said why */
	bool terminal;              /* show the progress */
	size_t shown;               /* how many users the last line of progress named */
};

void import_batch_init(struct import_batch *b, struct database *d);
void import_batch_done(struct import_batch *b);

/* What an import_taker needs; the context is the batch. */
bool import_batch_take(void *context, const struct import_user *user);
bool import_batch_refuse(void *context, size_t line, struct str name, const char *reason);

/* Store what is left. */
void import_batch_end(struct import_batch *b);

#endif
