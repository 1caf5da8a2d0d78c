/*
 * What came of the try to send a mail, and what the ways to send one have in common.
 */
#ifndef MAIL_RESULT_H
#define MAIL_RESULT_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/mail.h"

struct mail_result {
	enum mail_outcome outcome;
	bool away; /* not about this mail: any other would fare the same now */
	struct why
		reason; /* why not; empty when it was sent. Printable ASCII, no secret */
};

/* Set the result to one that is no success. */
void mail_failed(struct mail_result *result, enum mail_outcome outcome, bool away,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What a program said, in one line of printable ASCII, and no more than that takes. */
#define MAIL_LINE 300 /* bytes, with its NUL */
void mail_one_line(struct str said, char line[MAIL_LINE]);

#define MAIL_CREDENTIALS_MAX 1024

/*
 * The two lines of mail_credentials, borrowed from `file`. ERR_SYNTAX when it has another form,
 * and the errors of secret_read_file.
 */
enum err mail_credentials(const char *path, struct buf *file, struct str *name,
			  struct str *password, struct why *why);

#endif
