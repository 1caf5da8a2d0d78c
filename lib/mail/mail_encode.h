/*
 * Turns text into parts of a mail: header words, bodies, long lines. Appended lines
 * end with LF. mail_message turns it into CRLF.
 */
#ifndef MAIL_ENCODE_H
#define MAIL_ENCODE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Unstructured text of a header (Subject): unchanged if it is printable ASCII,
 * otherwise as encoded words (RFC 2047) on lines of 75 characters. `column` is where
 * it begins. A control character becomes a space.
 */
bool mail_encode_text(struct buf *out, size_t column, struct str text);

/* A name before an address (RFC 5322, 3.4): a quoted string, or encoded words. */
bool mail_encode_name(struct buf *out, size_t column, struct str name);

/*
 * True if it can be sent unchanged: ASCII, lines below 990 characters, none that
 * begins with "From ", and no "=_", with which the lines between the parts begin and
 * which quoted-printable never contains.
 */
bool mail_encode_is_plain(struct str body);

/* Quoted-printable (RFC 2045, 6.7). */
bool mail_encode_quoted(struct buf *out, struct str body);

/* Break lines of more than 76 characters at spaces; a longer word stays whole. */
bool mail_encode_wrapped(struct buf *out, struct str text);

#endif
