/*
 * Is an unsafe request our own pages' doing (CSRF)? Three headers may say where it
 * came from: Sec-Fetch-Site, Origin and Referer. Host is not asked.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "http/request.h"

enum origin {
	ORIGIN_FOREIGN = 0, /* one of them says: not from here */
	ORIGIN_UNSAID,      /* none of them came */
	ORIGIN_OWN          /* all that came say: from here */
};

/*
 * Ours is a Sec-Fetch-Site of "same-origin", an Origin that equals the origin of
 * `public_url`, and a Referer that lies under it. A header that is there but
 * empty, merged of two or malformed is not ours, and neither is the Origin "null".
 *
 * A script of one of the `n` origins `others` counts as ours too: then Origin names
 * it, Referer (if there is one) lies under it, and Sec-Fetch-Site (if there is one)
 * is "same-site" or "cross-site".
 */
enum origin origin_judge(const struct request *r, struct str public_url,
			 const char *const *others, size_t n);

/*
 * The address `url` lies under the origin of `public_url`; `rest` is what follows
 * the origin: empty, or a path, query or fragment. Scheme and host count in either
 * case, and the port that the scheme implies may be written (RFC 6454, 4 and 5).
 */
bool origin_holds(struct str public_url, struct str url, struct str *rest);

/* Referer without path and query, which may hold secrets: for the log. */
struct str origin_referer(const struct request *r);

#endif
