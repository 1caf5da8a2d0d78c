/* The address in a mail, which commands also print. It opens a link once. */
#ifndef MAIL_LINK_H
#define MAIL_LINK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ticket/ticket.h"

/*
 * Append the address `page` of the page that opens links, under `public_url`, and the
 * ticket of the link whose row has this `id`, a UUID. ERR_SYNTAX: it is no UUID, or links
 * of this kind are not mailed. ERR_CRYPTO: also for a key of fewer than 32 bytes. The
 * appended text opens the link, so the caller must wipe it.
 */
enum err mail_link_url(struct str mail_key, enum ticket_kind kind, struct str id,
		       const char *public_url, const char *page, struct buf *out);

/* The kind by its name in the database. TICKET_KINDS if there is none. */
enum ticket_kind mail_link_kind(struct str name);

#endif
