/*
 * JSON (RFC 8259), read strictly and written plainly.
 *
 * Reading refuses: a name that occurs twice in an object (compared after its escapes
 * are undone), bytes that are not UTF-8, NUL (raw or as \u0000), a byte order mark,
 * anything but white space after the value, a number that does not fit (an integer
 * beyond int64, a real beyond double), and anything that exceeds a limit. The time is
 * linear in the input.
 *
 * Values are Jansson's, for callers who need more than this header. Their memory is
 * wiped once all values are freed.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct json_t; /* a value; borrowed from its root */

struct json_limits {
	size_t bytes;
	unsigned depth; /* depth of arrays and objects: [] has 1 */
	size_t values;  /* number of values: the root and those in objects and arrays */
};

/* 16 kB, depth 8, 512 values. */
extern const struct json_limits json_usual;

/*
 * Parse `text`, whose value must be an object or an array. If the caller gets a root,
 * it must call json_free. On refusal ERR_LIMIT or ERR_SYNTAX; `*root` is then NULL,
 * and `why` says what is wrong and where, but never shows a value. json_free takes
 * NULL, too.
 */
enum err json_parse(struct str text, const struct json_limits *limits,
		    struct json_t **root, struct why *why);
void json_free(struct json_t *root);

/* Is it an object? NULL is none. */
bool json_holds_object(const struct json_t *value);

/*
 * Getters. `object` must be an object (otherwise JSON_WRONG). JSON_WRONG: the member
 * exists but has another type or is out of range. The result is unchanged then, and
 * also with JSON_ABSENT. null is a type of its own: JSON_WRONG.
 */
enum json_found { JSON_ABSENT = 0, JSON_FOUND, JSON_WRONG };

/* A string, which is borrowed from the object, and true or false. */
enum json_found json_get_str(const struct json_t *object, const char *name,
			     struct str *value);
enum json_found json_get_bool(const struct json_t *object, const char *name, bool *value);

/* An integer that is written as one: 1, not 1.0 and not 1e0. */
enum json_found json_get_int(const struct json_t *object, const char *name, int64_t min,
			     int64_t max, int64_t *value);

/*
 * Any number, rounded down and rounded up to whole numbers (a NumericDate may have a
 * fraction: RFC 7519, 2). JSON_WRONG beyond 2^53 in either direction.
 */
enum json_found json_get_number(const struct json_t *object, const char *name,
				int64_t *floor_value, int64_t *ceil_value);

/* A value that has members or elements of its own; borrowed from the object. */
enum json_found json_get_object(const struct json_t *object, const char *name,
				const struct json_t **value);
enum json_found json_get_array(const struct json_t *object, const char *name,
			       const struct json_t **value);

/* An array that contains only strings, `max` at most. */
enum json_found json_get_strs(const struct json_t *object, const char *name,
			      struct str *values, size_t max, size_t *n);

/*
 * Call `each` with every member of `object`, in the order of the text, until it
 * returns false. True if it never did. False if `object` is not an object.
 */
bool json_each(const struct json_t *object,
	       bool (*each)(void *context, struct str name, const struct json_t *value),
	       void *context);

/* Is there such a member? null counts. */
bool json_has(const struct json_t *object, const char *name);

/* Is there such a member, and is it null? */
bool json_has_null(const struct json_t *object, const char *name);

/* The elements of an array. 0 and NULL for anything else. */
size_t json_count(const struct json_t *array);
const struct json_t *json_item(const struct json_t *array, size_t i);

/* The text of a string value. False for anything else. */
bool json_text(const struct json_t *value, struct str *text);

/* The value if it is an integer that is written as one. False for anything else. */
bool json_whole(const struct json_t *value, int64_t *n);

/*
 * True if every name of `object` is in `names` (which ends with NULL). For documents
 * that must not contain anything else. `stranger` (may be NULL) gets the first name
 * that is not in the list.
 */
bool json_only(const struct json_t *object, const char *const *names,
	       struct str *stranger);

/*
 * Writing. Compact JSON is appended to `b`. Commas are added automatically, and
 * failures are collected in b->failed. Text that is not UTF-8 fails. A bracket is one of
 * { and [, or of } and ].
 *
 *   json_put_open(b, '{');
 *   json_put_name(b, "token");
 *   json_put_str(b, token);
 *   json_put_close(b, '}');
 */
void json_put_open(struct buf *b, char bracket);
void json_put_close(struct buf *b, char bracket);
void json_put_name(struct buf *b, const char *name);
void json_put_text_name(struct buf *b, struct str name);
void json_put_str(struct buf *b, struct str text);
void json_put_int(struct buf *b, int64_t value);
void json_put_bool(struct buf *b, bool value);
void json_put_null(struct buf *b);

/* A value that is already JSON. The caller guarantees that. */
void json_put_raw(struct buf *b, struct str json);

/* A parsed value, written compactly. */
void json_put_value(struct buf *b, const struct json_t *value);

/* Name and value together. */
void json_put_member(struct buf *b, const char *name, struct str text);
void json_put_member_int(struct buf *b, const char *name, int64_t value);
void json_put_member_bool(struct buf *b, const char *name, bool value);

#endif
