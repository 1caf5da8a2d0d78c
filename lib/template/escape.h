/*
 * Escapes, named by where the text lands. All of them accept any bytes; text
 * that is not UTF-8, and control characters other than tab and newline, come
 * out as U+FFFD so that a page is always well-formed.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Into HTML text and into a quoted attribute's value (HTML Standard, 13.1.2.3
 * and 13.3): & < > " ' become character references.
 */
bool escape_html(struct buf *out, struct str text);

/*
 * Into href="", action="" and src="": as escape_html, but only a URL that can
 * do nothing else than be fetched or written to is let through: a path of this site ("/x",
 * not "//x" nor "/\x"), or one that begins with https://, http:// or mailto:. Otherwise
 * false and `out` has failed.
 */
bool escape_html_url(struct buf *out, struct str url);

/*
 * One value in a query string or one segment of a path (RFC 3986, 2.3): all
 * bytes but the unreserved are percent-encoded.
 */
bool escape_url(struct buf *out, struct str value);

#endif
