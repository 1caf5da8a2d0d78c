/*
 * A complete mail (RFC 5322, RFC 2045): headers, and a text and an HTML part, one of
 * which the reader's program shows. No value can become a header or end a part.
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MAIL_MESSAGE_MAX (512 * 1024) /* bytes */

struct mail_message {
	struct str from;      /* an address */
	struct str from_name; /* the name before it; may be empty */
	struct str reply_to;  /* an address; empty: that of `from` */
	struct str to;        /* an address */
	struct str subject;
	struct str text; /* lines end in LF; long ones are broken */
	struct str html;
	struct str language; /* "de"; empty: unknown */
	int64_t date;        /* when it is sent, seconds since 1970 */
	struct str id; /* the same for each try to send this mail: letters, digits, . */
};

/*
 * Append it to `out`. Lines end in CRLF. ERR_SYNTAX: an address is not valid
 * (mail_address.h). ERR_LIMIT: it is too long.
 */
enum err mail_message_write(const struct mail_message *m, struct buf *out);

#endif
