/*
 * Cookies (RFC 6265, and the prefixes of RFC 6265bis, 4.1.3).
 *
 * A cookie is named by its base name and where it reaches:
 *   path "/", no domain     __Host-NAME     Secure
 *   any other               __Secure-NAME   Secure
 *   plain_http              NAME            not Secure: for a site without TLS
 * All are HttpOnly and SameSite=Lax.
 */
#ifndef COOKIE_H
#define COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

#define COOKIE_MAX 4096 /* bytes of name and value (RFC 6265bis, 5.6): else dropped */

struct cookie {
	const char *name;  /* without its prefix, like "doorward" */
	const char *path;  /* "/" or "/login" */
	struct str domain; /* empty: this host only */
	bool plain_http;
};

enum cookie_found {
	COOKIE_ABSENT,
	COOKIE_ONE,
	COOKIE_BAD /* twice (someone planted one), or bytes no cookie may have */
};

/*
 * Find the cookie in a Cookie request header (HTTP_COOKIE). The value borrows
 * from `header`; empty unless COOKIE_ONE. Two Cookie headers arrive merged by
 * "; " or ", " depending on the server: both count as two.
 */
enum cookie_found cookie_find(const struct cookie *c, struct str header,
			      struct str *value);

/* Append the full name, prefix and all. */
bool cookie_name(const struct cookie *c, struct buf *out);

/*
 * Append the value of a Set-Cookie header. `max_age` in seconds; negative: ends
 * with the browser. False, and `out` failed, where value, path or domain has a
 * byte that it may not have, or where browsers would drop it: over COOKIE_MAX.
 */
bool cookie_set(const struct cookie *c, struct str value, int64_t max_age,
		struct buf *out);

/* The same, to take the cookie away. */
bool cookie_clear(const struct cookie *c, struct buf *out);

/* Its value in the request; empty when it is absent, doubled or malformed. Borrows. */
struct str cookie_get(const struct request *req, const struct cookie *c);

/* The two above into the response: what fails, fails the response. */
void cookie_put(struct response *res, const struct cookie *c, struct str value,
		int64_t max_age);
void cookie_drop(struct response *res, const struct cookie *c);

#endif
