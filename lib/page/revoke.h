/*
 * After a session has ended: tell the verifying programs of this host.
 */
#ifndef REVOKE_H
#define REVOKE_H

#include "base/err.h"
#include "config/config.h"
#include "db/db.h"

/*
 * Bring the revocation file up to date, unless revocation is off. On ERR_OK no
 * verifier of this host believes a token of an ended session any more. On an
 * error the session has ended all the same, but its access tokens live until
 * they run out: the caller must say that its work is not done (503).
 */
enum err revoke_publish(const struct config *config, struct db *db, struct why *why);

/*
 * Before a step that cannot be asked for twice (a password that has changed, a session
 * that has ended itself): can the verifiers be told? Writes the file in any case, so
 * what an earlier step could not tell them they hear now.
 */
enum err revoke_prepare(const struct config *config, struct db *db, struct why *why);

/*
 * The same as revoke_publish, if the file does not hold all of `sids` (words separated by a space, as
 * the store's functions append them) yet. It is the file that is looked at: a first
 * try may have ended the session and not have written it. Whoever shows a dead token
 * again and again has nothing written.
 */
enum err revoke_ensure(const struct config *config, struct db *db, const struct buf *sids,
		       struct why *why);

/* Does the file hold all of `sids`? False where it cannot be read, or there is none. */
bool revoke_holds(const struct config *config, struct str sids);

#endif
