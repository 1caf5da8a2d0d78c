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

/* What there is to send. */
struct representation {
	struct str etag;       /* strong, with its quotes */
	int64_t last_modified; /* seconds */
	int64_t length;        /* bytes */
};

/* What to answer: 200 all of it, 206 the range, 304, 412, 416. */
struct conditional {
	int status;
	int64_t first, length; /* of the bytes to send, with 200 and 206 */
};

/*
 * The steps of RFC 9110, 13.2.2 in their order, for a method other than GET
 * and HEAD too. A date that cannot be read, and a Range that is not one single
 * well-formed range of bytes, are as if they were absent. `now` tells whether
 * Last-Modified is old enough to be a strong validator for If-Range.
 */
struct conditional conditional_decide(const struct request *r,
				      const struct representation *of, int64_t now);

/*
 * True if the list of entity tags in `header` names `etag` or is `*`. A weak
 * tag counts only with `weak` (RFC 9110, 8.8.3.2). A list that is malformed
 * names nothing from there on.
 */
bool conditional_names(struct str header, struct str etag, bool weak);

#endif
