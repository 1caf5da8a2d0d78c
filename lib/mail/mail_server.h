/* The setting mail_server: the server that accepts the mails. */
#ifndef MAIL_SERVER_H
#define MAIL_SERVER_H

#include <stdbool.h>

#include "base/str.h"

enum mail_server_kind {
	MAIL_SERVER_SMTP,     /* smtp://HOST[:PORT] */
	MAIL_SERVER_SMTPS,    /* smtps://HOST[:PORT] */
	MAIL_SERVER_SENDMAIL, /* sendmail:/PROGRAM */
	MAIL_SERVER_FILE      /* file:/DIRECTORY */
};

struct mail_server {
	enum mail_server_kind kind;
	struct str host; /* brackets kept; of the first two */
	struct str
		path; /* of the last two: from the first slash to the end of the text */
};

/*
 * NULL if `text` is valid; `server` then borrows from it. Otherwise what is wrong, as
 * text that follows its name.
 */
const char *mail_server_parse(struct str text, struct mail_server *server);

#endif
