/*
 * At most so many passwords are hashed at once on this host, whatever number
 * of processes serve logins. A slot is a name in Linux's abstract socket
 * namespace: the kernel frees it when its holder dies, there is no file to
 * create, share or clean up.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "base/err.h"
#include "base/str.h"

#define SLOTS_WAIT_MS 1000

/*
 * Take one of `n` slots (0: one a processor) of the site that `site` tells
 * from others: a secret, so that nobody else on the host knows the names
 * beforehand. Waits up to SLOTS_WAIT_MS, then ERR_BUSY.
 */
enum err slots_take(struct str site, unsigned n, int *slot);
void slots_give(int *slot); /* -1 is allowed, and what it leaves */

#endif
