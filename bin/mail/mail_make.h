/* Makes a mail that can be sent from a row of the outbox. */
#ifndef MAIL_MAKE_H
#define MAIL_MAKE_H

#include "bin/mail/mail_render.h"
#include "store/mail.h"

/*
 * Append the complete mail to `out`. `mail_key` makes its link. ERR_SYNTAX,
 * ERR_NOT_FOUND: it can never be made (no such template, a refused recipient). `why`
 * says what is wrong, and contains no secret.
 */
enum err mail_make(const struct mail_texts *texts, struct str mail_key,
		   const struct mail_taken *mail, struct buf *out, struct why *why);

#endif
