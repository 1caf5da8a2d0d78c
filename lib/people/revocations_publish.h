/*
 * Writing the revocation files (revocation/revocations.h) from the database.
 */
#ifndef REVOCATIONS_PUBLISH_H
#define REVOCATIONS_PUBLISH_H

#include "base/err.h"
#include "db/db.h"

/*
 * Ask the database what is revoked, and add that to the files at `path`. Call this
 * after every step that ends a session. After ERR_OK, no verifier on this host accepts
 * the session's tokens any more. Nothing is written if the files already contain
 * everything.
 *
 * The database is asked for what was listed since the files were written, or for
 * everything if they are no good pair. It is asked first, with the deadline of `db`.
 * The files' directory is locked only to compare and replace, so a database that does
 * not answer does not block other writers.
 *
 * Errors of writing: revocations_write.h. On any error the sessions have ended, but
 * their tokens are accepted until they expire or until the next call that succeeds.
 */
enum err revocations_publish(struct db *db, const char *path, struct why *why);

/* As above, and the first file is written in any case. */
enum err revocations_renew(struct db *db, const char *path, struct why *why);

/*
 * As revocations_renew, and the database is asked for everything: also for what it
 * has got back from a backup, or another database has taken over.
 */
enum err revocations_renew_all(struct db *db, const char *path, struct why *why);

#endif
