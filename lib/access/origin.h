/*
 * Decides whether an unsafe request comes from our own pages (CSRF). Three headers may
 * say so: Sec-Fetch-Site, Origin and Referer. Host is not used.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "http/request.h"

enum origin {
	ORIGIN_FOREIGN = 0, /* one of them names another origin */
	ORIGIN_UNSAID,      /* none of them is present */
	ORIGIN_OWN          /* all that are present name ours */
};

/*
 * Ours is a Sec-Fetch-Site of "same-origin", an Origin that equals `own`, which is
 * public_url (empty: nothing is ours), and a Referer below it. A header that is
 * present but empty, merged from two or malformed is not ours, nor is the Origin
 * "null".
 *
 * A script of one of the `n` origins `others` counts as ours, too: Origin must name
 * it, Referer (if present) must be below it, and Sec-Fetch-Site (if present) must be
 * "same-site" or "cross-site".
 */
enum origin origin_judge(const struct request *r, struct str own,
			 const char *const *others, size_t n);

/* Log a refused request. `user` may be empty. */
void origin_log(const struct request *r, struct str user);

/*
 * True if the address `url` is below the origin `own` (target_is_origin). `rest` is
 * the part after it: empty, or a path, query or fragment. Upper and lower case do not
 * matter in scheme and host, and the default port may be present (RFC 6454, 4 and 5).
 */
bool origin_holds(struct str own, struct str url, struct str *rest);

/* A Referer without path and query, because these may contain secrets. */
struct str origin_referer(struct str referer);

#endif
