/*
 * The WWW-Authenticate header of RFC 6750, 3.
 */
#ifndef AUTHENTICATE_H
#define AUTHENTICATE_H

#include <stdbool.h>

#include "http/response.h"

/*
 * Set WWW-Authenticate: Bearer realm="…"[, error="…"[, error_description="…"]].
 * `error` is NULL if the request had no credentials at all. Bytes that RFC 6750 does
 * not allow in a description are left out. In `realm` they are escaped.
 */
bool authenticate_bearer(struct response *r, const char *realm, const char *error,
			 const char *description);

/* Append `s` as it stands between the quotes of a challenge. */
void authenticate_quote(struct buf *out, struct str s);

#endif
