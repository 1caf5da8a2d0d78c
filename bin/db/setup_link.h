/* The link by which the first admin comes in (ticket/ticket.h: TICKET_SETUP). */
#ifndef COMMAND_SETUP_LINK_H
#define COMMAND_SETUP_LINK_H

#include "base/buf.h"
#include "config/config.h"
#include "crypto/hash.h"

/*
 * A new link of the site of `c` in `url`, and the hash that the database stores for it.
 * ERR_NOT_FOUND if `c` has no public_url. The caller wipes `url` (buf_done).
 */
enum err setup_link_new(const struct config *c, struct buf *url,
			unsigned char hash[SHA256_SIZE], struct why *why);

#endif
