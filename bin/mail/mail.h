/*
 * The actions of `doorward mail` (mail.c dispatches).
 */
#ifndef COMMAND_MAIL_H
#define COMMAND_MAIL_H

#include "bin/command.h"
#include "bin/mail/mail_deliver.h"
#include "bin/mail/mail_render.h"

command_run mail_send;
command_run mail_test;

/*
 * What sending needs, from the settings. Complains and returns false if one is
 * missing. Call sender_close in any case.
 */
struct sender {
	struct config config;
	struct mail_texts texts;
	struct mail_server server;
	struct buf key; /* the bytes of mail_key; empty if it is not set */
};

bool sender_open(struct sender *s);
void sender_close(struct sender *s);

/* Make the mail and give it to the server. */
void sender_deliver(const struct sender *s, const struct mail_taken *mail,
		    struct mail_result *result);

#endif
