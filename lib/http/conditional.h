/*
 * Conditional requests and single byte ranges for one representation
 * (RFC 9110, 13 and 14).
 */
#ifndef CONDITIONAL_H
#define CONDITIONAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "http/request.h"

/* The representation that can be sent. */
struct representation {
	struct str etag;       /* strong, with its quotes */
	int64_t last_modified; /* seconds */
	int64_t length;        /* bytes */
};

/* The status to answer with: 200 for all of it, 206 for the range, 304, 412, 416. */
struct conditional {
	int status;
	int64_t first, length; /* the bytes to send, with 200 and 206 */
};

/*
 * Follows the steps of RFC 9110, 13.2.2, in their order, also for methods other than
 * GET and HEAD. A date that cannot be read is ignored, and so is a Range that is not a
 * single well-formed range of bytes. `now` decides whether Last-Modified is old enough
 * to be a strong validator for If-Range.
 */
struct conditional conditional_decide(const struct request *r,
				      const struct representation *of, int64_t now);

/*
 * True if the list of entity tags in `header` names `etag` or is `*`. A weak tag
 * matches only with `weak` (RFC 9110, 8.8.3.2). If the list is malformed, the rest of
 * it is ignored.
 */
bool conditional_names(struct str header, struct str etag, bool weak);

#endif
