/*
 * Small forms of text that several modules read or write: hexadecimal digits,
 * percent-encoding, UUIDs, durations.
 */
#ifndef TEXT_H
#define TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The value of a hexadecimal digit in either case, or -1. */
int text_hex_value(char c);

/* Append `bytes` as hexadecimal digits in small letters. */
bool text_add_hex(struct buf *out, struct str bytes);

/* The byte that `%XX` at the start of `s` stands for (RFC 3986, 2.1), or -1. */
int text_percent_value(struct str s);

/*
 * Append `value` percent-encoded: unreserved characters (RFC 3986, 2.3) and those in `keep`
 * stay as they are.
 */
bool text_add_percent(struct buf *out, struct str value, const char *keep);

/* 8-4-4-4-12 hexadecimal digits, in either case (RFC 9562, 4). */
bool text_is_uuid(struct str s);

/*
 * A whole number from 0 on, then s, m, h, d or nothing, which means seconds: "90s", "30d".
 * ERR_SYNTAX when `s` has another form, ERR_LIMIT when it is over `max` seconds.
 */
enum err text_duration(struct str s, int64_t max, int64_t *seconds);

/*
 * For «did you mean»: of the rows of `table`, each `size` bytes that begin with a
 * name (const char *), NULL at the end, the name nearest to `name`: the only one that it
 * begins, else the one with the fewest edits (insert, delete, replace, swap two neighbours), at
 * most a third of its length. NULL: none is near.
 */
const char *text_nearest(struct str name, const void *table, size_t size);

#endif
