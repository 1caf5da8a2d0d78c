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
 * Ask the database what is revoked and add that to the file at `path`. To be called
 * after every step that ends a session: when it returns ERR_OK, no verifier on this
 * host believes the session's tokens any more. Nothing is written when the file
 * holds it all.
 *
 * The database is asked first, with `db`'s deadline. Only to compare and replace is
 * the file's directory locked, so that a database that does not answer keeps nobody
 * else from it. What the file holds stays until it has run out, whoever asked first
 * (revocations_merge.h); a file that cannot be read is made anew.
 *
 * The file gets mode 0644: whoever verifies must read it, and a sid is no secret.
 * Whoever writes (login, account, the operator's command) needs the right to write
 * to the directory, and no other right. Others need to pass through it only (mode
 * 0711 or 2771): who can open it can hold its lock.
 *
 * ERR_BUSY: the lock was not free within REVOCATIONS_LOCK_MS. ERR_LIMIT: more tokens
 * of `doorward token issue` are revoked than the file holds. On any error the old
 * file stays: the session has ended, but its tokens live until they run out or until
 * the next call that succeeds.
 */
enum err revocations_publish(struct db *db, const char *path, struct why *why);

/* The same, and the file's time is renewed in any case, for revocation_max_age. */
enum err revocations_renew(struct db *db, const char *path, struct why *why);

/* Does the file, as it is now, end all of `sids` (words separated by a space)? */
bool revocations_hold(const char *path, struct str sids);

#endif
