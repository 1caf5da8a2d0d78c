/*
 * What is to be mailed (sql/functions/mail.sql). A row never holds a link: the one that it
 * is about is computed from its id when the mail is sent (ticket/ticket.h).
 */
#ifndef MAIL_H
#define MAIL_H

#include "db/db.h"

struct mail {
	struct str template;  /* of share/mail, without its ending: small letters, - */
	struct str language;  /* "de"; empty: the site's */
	struct str recipient; /* an address */
	struct str link;      /* the id of the link that it carries; empty: none */
	struct str user;      /* the id of whom it is about; empty: nobody yet */
};

/*
 * Add one, due now. ERR_SYNTAX when the recipient is no address that may be mailed to, or
 * template or language are none; ERR_NOT_FOUND when link or user are not there.
 */
enum err mail_add(struct db *db, const struct mail *mail, struct why *why);

#endif
