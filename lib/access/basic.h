/*
 * Basic (RFC 7617), for clients that can do nothing else: WebDAV, CalDAV, git. The
 * user name is a person's name as it is in the token, byte for byte, and the password
 * is the token: one that was made for a program.
 *
 * A client, or a browser that was made to keep the password, adds it to each request.
 * So it counts like a cookie: an unsafe request that says it comes from another site
 * is refused. One that says nothing is accepted, because these clients send neither
 * Origin nor Referer nor Sec-Fetch-Site, and browsers do.
 */
#ifndef BASIC_H
#define BASIC_H

#include <stdbool.h>

#include "access/access.h"

/* True if the request has an Authorization header of this scheme, of whatever form. */
bool basic_is_shown(const struct request *req);

/*
 * As access_check, for a request with such a header, at an address where it counts.
 * ACCESS_BAD: there is another token besides. ACCESS_INVALID: it is malformed, the
 * token is not good or not a program's, or the name is not its own.
 */
enum access basic_check(struct app *app, const struct request *req, struct identity *who);

/*
 * Append what such a header holds, decoded: a name, a colon and a password. False if it
 * is malformed, or if there is none.
 */
bool basic_read(const struct request *req, struct buf *bytes);

/*
 * May the client be asked for Basic? Not a browser, which would open a window of its
 * own, keep the password, and could not forget it: its requests have Sec-Fetch-…, or
 * text/html in Accept.
 */
bool basic_may_be_asked(const struct request *req);

/* Write 401 with the challenge. */
void basic_ask(struct app *app, const struct request *req, struct response *resp);

#endif
