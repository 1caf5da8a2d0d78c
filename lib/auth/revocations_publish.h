/*
 * Writing the revocation file (revocations.h) from the database.
 */
#ifndef REVOCATIONS_PUBLISH_H
#define REVOCATIONS_PUBLISH_H

#include "base/err.h"
#include "store/db.h"

#define REVOCATIONS_LOCK_MS 2000

/*
 * Ask the database what is revoked and put that into the file at `path`, whole.
 * To be called after every step that ends a session: when it returns ERR_OK,
 * no verifier on this host believes the session's tokens any more.
 *
 * Asking and writing happen under a lock on the file's directory, so that of two
 * callers at once the later answer is the one that stays. The file gets mode
 * 0644: whoever verifies must read it, and a sid is no secret. Whoever writes
 * (login, account, the operator's command) needs the right to write to the
 * directory, and no other right. Others need to pass through it only (mode 0711 or
 * 2771): who can open it can hold its lock.
 *
 * ERR_BUSY: the lock was not free within REVOCATIONS_LOCK_MS. On any error the
 * old file stays: the session has ended, but its tokens live until they run out
 * or until the next call that succeeds.
 */
enum err revocations_publish(struct db *db, const char *path, struct why *why);

#endif
