/*
 * After a session has ended: tell the verifying programs of this host.
 */
#ifndef REVOKE_H
#define REVOKE_H

#include "app/config.h"
#include "base/err.h"
#include "store/db.h"

/*
 * Write the revocation file anew, unless revocation is off. On ERR_OK no
 * verifier of this host believes a token of an ended session any more. On an
 * error the session has ended all the same, but its access tokens live until
 * they run out: the caller must say that its work is not done (503).
 */
enum err revoke_publish(const struct config *config, struct db *db, struct why *why);

#endif
