/*
 * Limits how many passwords are hashed at once on this host, whatever number of
 * processes serve logins. A slot is a lock (flock) on a file of the state directory.
 * The kernel frees it when its holder ends, and a user who may not enter that
 * directory cannot take one.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "base/err.h"

#define SLOTS_WAIT_MS 1000

/*
 * Take one of `n` slots (0: one for each processor) of the site whose state_dir is
 * `directory`. Waits up to SLOTS_WAIT_MS, and then returns ERR_BUSY. Other errors: the
 * directory cannot be used (base/state.h), or its file system has no locks.
 */
enum err slots_take(const char *directory, unsigned n, int *slot, struct why *why);
void slots_give(int *slot); /* -1 is allowed, and so is a second call */

/* ERR_OK if slots_take would find a slot or return ERR_BUSY. Takes none. */
enum err slots_check(const char *directory, struct why *why);

#endif
