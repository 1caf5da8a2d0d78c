/*
 * Writing the revocation file (revocations.h) from the database.
 */
#ifndef REVOCATIONS_PUBLISH_H
#define REVOCATIONS_PUBLISH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "db/db.h"

#define REVOCATIONS_LOCK_MS 2000

/*
 * Ask the database what is revoked, and add that to the file at `path`. Call this
 * after every step that ends a session. After ERR_OK, no verifier on this host accepts
 * the session's tokens any more. Nothing is written if the file already contains
 * everything.
 *
 * The database is asked first, with the deadline of `db`. The file's directory is
 * locked only to compare and replace, so a database that does not answer does not
 * block other writers. Entries stay in the file until they expire, whoever asked first
 * (revocations_merge.h). A file that cannot be read is made anew.
 *
 * The file gets mode 0644, because verifiers must read it and a sid is no secret. A
 * writer (login, account, the operator's command) needs the right to write to the
 * directory, and no other right. Other users only need to pass through it (mode 0711
 * or 2771): a user who can open the directory can hold its lock.
 *
 * ERR_BUSY: the lock was not free within REVOCATIONS_LOCK_MS. ERR_LIMIT: more tokens
 * of `doorward token issue` are revoked than the file holds. On any error the old file
 * stays: the session has ended, but its tokens are accepted until they expire or until
 * the next call that succeeds.
 */
enum err revocations_publish(struct db *db, const char *path, struct why *why);

/* As above, and the file's time is renewed in any case, for revocation_max_age. */
enum err revocations_renew(struct db *db, const char *path, struct why *why);

/* True if the present file ends all of `sids` (words separated by a space). */
bool revocations_hold(const char *path, struct str sids);

#endif
