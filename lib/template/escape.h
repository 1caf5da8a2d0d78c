/*
 * Escapes, each named after the place where the text is written. All of them accept
 * any bytes. Text that is not UTF-8, and control characters other than tab and
 * newline, become U+FFFD, so that a page is always well-formed.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * For HTML text and for a quoted attribute's value (HTML Standard, 13.1.2.3 and 13.3):
 * & < > " ' become character references.
 */
bool escape_html(struct buf *out, struct str text);

/* Into plain text, on one line: control characters become spaces. */
bool escape_plain(struct buf *out, struct str text);

/*
 * For href="", action="" and src="": as escape_html, but only for a URL that can do
 * nothing except be fetched or written to: a path of this site ("/x", but not "//x" or
 * "/\x"), or a URL that begins with https://, http://, mailto: or otpauth://totp/ (it
 * opens an authenticator app). Otherwise returns false and marks `out` as failed.
 */
bool escape_html_url(struct buf *out, struct str url);

/*
 * For one value in a query string or one segment of a path (RFC 3986, 2.3): all bytes
 * but the unreserved ones are percent-encoded.
 */
bool escape_url(struct buf *out, struct str value);

#endif
