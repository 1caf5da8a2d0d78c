/* The filter of /admin/audit: its fields as they were typed, read. */
#ifndef SITE_ASKED_H
#define SITE_ASKED_H

#include "admin/site/site_parts.h"
#include "store/admin/site.h"

/* What is wrong with it, as a phrase's key, and the field that it is about. */
struct site_wrong {
	const char *problem; /* NULL: nothing */
	const char *field;
};

/*
 * `asked` gets person, event, since, until and the key of `before`, whichever is right.
 * A made-up key is only a place in the order.
 */
struct site_wrong site_asked_read(const struct visit *visit, struct site_asked *asked);

/* Append the filter to an address, without `before`. */
void site_asked_add(struct buf *url, const struct visit *visit);

/*
 * A day as YYYY-MM-DD, or a day and a time as YYYY-MM-DDTHH:MM, both in UTC, as seconds
 * since 1970. A day is its first second, or with `day_after` the first of the next day.
 */
bool site_asked_time(struct str text, bool day_after, int64_t *at);

#endif
