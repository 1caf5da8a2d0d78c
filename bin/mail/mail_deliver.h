/* Gives a mail to the server that mail_server names. */
#ifndef MAIL_DELIVER_H
#define MAIL_DELIVER_H

#include "bin/mail/mail_result.h"
#include "config/config.h"
#include "mail/mail_server.h"

#define MAIL_DEADLINE_S 60 /* for one mail */

/* One mail. `label` becomes part of a file's name: letters, digits and -. */
struct mail_envelope {
	const struct config *config;
	struct mail_server server;
	struct str from, to;
	struct str message; /* its lines end in CRLF */
	const char *label;
};

void mail_deliver(const struct mail_envelope *mail, struct mail_result *result);

/* One function for each kind of server. */
void mail_deliver_smtp(const struct mail_envelope *mail, struct mail_result *result);
void mail_deliver_sendmail(const struct mail_envelope *mail, struct mail_result *result);
void mail_deliver_file(const struct mail_envelope *mail, struct mail_result *result);

#endif
