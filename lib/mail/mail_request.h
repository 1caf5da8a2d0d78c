/*
 * The text that somebody typed into /account/forgot or /account/register. It is sealed
 * under the mail key until the worker (`doorward mail send`) opens it, so somebody who
 * reads the database does not learn who asked. The sealed text always has the same
 * length.
 */
#ifndef MAIL_REQUEST_H
#define MAIL_REQUEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MAIL_REQUEST_TYPED 255  /* bytes at most: more than a name or an address has */
#define MAIL_REQUEST_SEALED 512 /* limit for the sealed text */

/* The two requests, as in the column of the database. */
#define MAIL_REQUEST_FORGOT "forgot"
#define MAIL_REQUEST_REGISTER "register"

/*
 * Append `typed`, sealed, to `out`. ERR_LIMIT: it is empty or too long. ERR_CRYPTO: also with
 * a key of fewer than 32 bytes.
 */
enum err mail_request_seal(struct str mail_key, const char *request, struct str language,
			   struct str typed, struct buf *out);

/* The reverse. `*good` is false if it was not sealed under this key for this row. */
enum err mail_request_unseal(struct str mail_key, const char *request,
			     struct str language, struct str sealed, struct buf *typed,
			     bool *good);

#endif
