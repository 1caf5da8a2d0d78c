/* Which link does a text name? Asks no database. */
#ifndef LINK_TICKET_H
#define LINK_TICKET_H

#include "store/links.h"

/* Zero opens nothing. */
enum link_ticket_told {
	LINK_TICKET_CUT = 0, /* a part is missing, or there is something more */
	LINK_TICKET_FOREIGN, /* complete, but not made here, or made under another mail
			      * key */
	LINK_TICKET_OURS
};

struct link_ticket {
	enum link_ticket_told told;
	enum ticket_kind
		kind;       /* the kind by its prefix, even if it is not ours; otherwise
		       * TICKET_KINDS */
	char id[UUID_SIZE]; /* of the row; empty for kind setup … */
	unsigned char hash[SHA256_SIZE]; /* … whose row has this */
};

/*
 * Without a mail key only links of kind setup are ours. ERR_CRYPTO, ERR_MEMORY: it
 * could not be found out.
 */
enum err link_ticket_read(struct str mail_key, int64_t now, struct str text,
			  struct link_ticket *ticket);

/* The row of a link that is ours. Borrows from `ticket`. */
struct links_key link_ticket_key(const struct link_ticket *ticket);

#endif
