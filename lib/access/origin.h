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
 * Ours is a Sec-Fetch-Site of "same-origin", an Origin that equals `own`, which is
 * public_url (empty: nothing is ours), and a Referer that lies under it. A header that is there but
 * empty, merged of two or malformed is not ours, and neither is the Origin "null".
 *
 * A script of one of the `n` origins `others` counts as ours too: then Origin names
 * it, Referer (if there is one) lies under it, and Sec-Fetch-Site (if there is one)
 * is "same-site" or "cross-site".
 */
enum origin origin_judge(const struct request *r, struct str own,
			 const char *const *others, size_t n);

/* The line in the log of one that was refused; `user` may be empty. */
void origin_log(const struct request *r, struct str user);

/*
 * The address `url` lies under the origin `own` (target_is_origin); `rest` is what
 * follows it: empty, or a path, query or fragment. Scheme and host count in either
 * case, and the port that the scheme implies may be written (RFC 6454, 4 and 5).
 */
bool origin_holds(struct str own, struct str url, struct str *rest);

/* A Referer without path and query, which may hold secrets. */
struct str origin_referer(struct str referer);

#endif
