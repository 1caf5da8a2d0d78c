/*
 * Small forms of text that several modules read or write: hexadecimal digits,
 * percent-encoding, UUIDs and durations.
 */
#ifndef TEXT_H
#define TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The value of a hexadecimal digit in upper or lower case, or -1. */
int text_hex_value(char c);

/* Append `bytes` as hexadecimal digits in lower case. */
bool text_add_hex(struct buf *out, struct str bytes);

/* The value of the byte written as `%XX` at the start of `s` (RFC 3986, 2.1), or -1. */
int text_percent_value(struct str s);

/*
 * Append `value` percent-encoded. Unreserved characters (RFC 3986, 2.3) and those in
 * `keep` stay as they are.
 */
bool text_add_percent(struct buf *out, struct str value, const char *keep);

/* True for 8-4-4-4-12 hexadecimal digits, in upper or lower case (RFC 9562, 4). */
bool text_is_uuid(struct str s);

/*
 * Parse a whole number that is not negative, followed by s, m, h, d or nothing, which
 * means seconds: "90s", "30d". ERR_SYNTAX if `s` has another form, ERR_LIMIT if it is
 * more than `max` seconds.
 */
enum err text_duration(struct str s, int64_t max, int64_t *seconds);

/*
 * For «did you mean»: the name in `table` that is nearest to `name`. Each row has
 * `size` bytes and begins with a name (const char *); a NULL name ends the table. The
 * result is the only name that begins with `name`, or else the one with the fewest
 * edits (insert, delete, replace, swap two neighbours), if these are at most a third
 * of its length. NULL if no name is near.
 */
const char *text_nearest(struct str name, const void *table, size_t size);

#endif
