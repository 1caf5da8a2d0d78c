/*
 * Cookies (RFC 6265, and the prefixes of RFC 6265bis, 4.1.3).
 *
 * The full name of a cookie depends on its scope:
 *
 *   path "/", no domain     __Host-NAME     Secure
 *   any other               __Secure-NAME   Secure
 *   plain_http              NAME            not Secure: for a site without TLS
 *
 * All cookies are HttpOnly and SameSite=Lax.
 */
#ifndef COOKIE_H
#define COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

#define COOKIE_MAX                                                                       \
	4096 /* bytes of name and value (RFC 6265bis, 5.6); browsers drop
			 * larger cookies */

struct cookie {
	const char *name;  /* without its prefix, like "doorward" */
	const char *path;  /* "/" or "/login" */
	struct str domain; /* empty: this host only */
	bool plain_http;
};

enum cookie_found {
	COOKIE_ABSENT,
	COOKIE_ONE,
	COOKIE_BAD /* it occurs twice (somebody planted one), or has bytes that are not
		    * allowed */
};

/*
 * Find the cookie in a Cookie request header (HTTP_COOKIE). The value borrows from
 * `header` and is empty unless COOKIE_ONE. Servers merge two Cookie headers with "; "
 * or ", ". Both count as two cookies.
 */
enum cookie_found cookie_find(const struct cookie *c, struct str header,
			      struct str *value);

/* Append the full name, with its prefix. */
bool cookie_name(const struct cookie *c, struct buf *out);

/*
 * Append the value of a Set-Cookie header. `max_age` is in seconds; if negative, the
 * cookie ends with the browser. False, with `out` failed, if value, path or domain
 * contains a byte that is not allowed, or if browsers would drop the cookie because it
 * exceeds COOKIE_MAX.
 */
bool cookie_set(const struct cookie *c, struct str value, int64_t max_age,
		struct buf *out);

/* Append the value of a Set-Cookie header that removes the cookie. */
bool cookie_clear(const struct cookie *c, struct buf *out);

/* The cookie's value, borrowed. Empty if it is absent, malformed or there twice. */
struct str cookie_get(const struct request *req, const struct cookie *c);

/* Write the two above into the response. If they fail, the response fails. */
void cookie_put(struct response *res, const struct cookie *c, struct str value,
		int64_t max_age);
void cookie_drop(struct response *res, const struct cookie *c);

#endif
