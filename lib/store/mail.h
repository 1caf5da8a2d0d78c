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
	struct str data;      /* a JSON object of what else its template says; or empty */
};

/*
 * Add one, due now. ERR_SYNTAX when the recipient is no address that may be mailed to, or
 * template or language are none; ERR_NOT_FOUND when link or user are not there.
 */
enum err mail_add(struct db *db, const struct mail *mail, struct why *why);

/*
 * Keep what somebody typed, sealed (mail/mail_request.h), for the worker to decide about.
 * `*wait` is 0, or the seconds after which this network address may ask again: then nothing
 * was stored. Who is meant, and whether there is anybody, makes no difference here.
 */
enum err mail_request_add(struct db *db, const char *request, struct str language,
			  struct str sealed, struct str address, int64_t *wait,
			  struct why *why);

#endif
