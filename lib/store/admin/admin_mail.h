/* A test mail of an admin to their own address (sql/functions/admin_mail.sql). */
#ifndef ADMIN_MAIL_H
#define ADMIN_MAIL_H

#include "store/admin/admin.h"

enum admin_mail_state {
	ADMIN_MAIL_NONE = 0, /* none in the last day */
	ADMIN_MAIL_WAITING,
	ADMIN_MAIL_LATE,    /* waiting for more than a minute: nobody sends mails */
	ADMIN_MAIL_FAILING, /* could not be sent, and is tried again */
	ADMIN_MAIL_GIVEN_UP,
	ADMIN_MAIL_SENT
};

struct admin_mail {
	enum admin_mail_state state;
	char address[ACCOUNTS_ADDRESS]; /* empty: the admin has none */
	bool verified;
	char failure[513]; /* why it could not be sent, without a secret */
	int64_t since;     /* when it was asked for or sent; 0: never */
};

/* The last test mail of the admin with `sid`. */
enum err admin_mail_find(struct db *db, struct str sid, struct admin_mail *mail,
			 enum admin_refusal *refusal, struct why *why);

/*
 * Put a test mail into the outbox, in place of an earlier one that was not sent. If the
 * address is not verified, it carries a link for that. Nothing is done if the admin has
 * no address, or if one is being sent at this moment.
 */
enum err admin_mail_send(struct db *db, struct str sid, struct str language,
			 enum admin_refusal *refusal, struct why *why);

#endif
