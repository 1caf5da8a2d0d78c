/* A borrowed run of bytes. It need not end in NUL and may hold any byte. */
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

/* A string literal as a str. */
#ifdef __cplusplus
#define STR(literal) (str{ (literal), sizeof(literal) - 1 })
#else
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#endif

/* Arguments for "%.*s". Only for text that is known to be short and clean. */
#define STR_ARG(s) (int)(s).n, (s).p

/* The bytes of `z` before its NUL. NULL gives the empty str. */
struct str str_of(const char *z);

/* Equal byte for byte. Not for secrets: the time taken shows where they differ. */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);

/* As str_eq, but upper and lower case of ASCII letters are the same. */
bool str_eq_nocase(struct str a, struct str b);

/* Index of the first `c`, or s.n if there is none. */
size_t str_index(struct str s, char c);

/* Up to `n` bytes from byte `from` on. Empty if `from` is past the end. */
struct str str_sub(struct str s, size_t from, size_t n);

/*
 * Cut `rest` at the first `separator`. Returns the part before it and leaves the part
 * after it in `rest`. Without a separator, returns all of `rest` and leaves it empty.
 */
struct str str_cut(struct str *rest, char separator);

/* `s` without spaces and tabs at either end (the OWS of RFC 9110, 5.6.3). */
struct str str_trim(struct str s);

/*
 * Parse a decimal integer from `min` to `max` that fills all of `s`: an optional minus
 * and digits; no plus, no leading zeros, no spaces.
 */
bool str_to_int(struct str s, int64_t min, int64_t max, int64_t *value);

/* True for well-formed UTF-8 (RFC 3629), without overlong forms and surrogates. */
bool str_is_utf8(struct str s);

/*
 * The length of the control character that begins at s.p[i], or 0 if there is none
 * there. Control characters are those below 0x20, 0x7f, and in UTF-8 U+0080 to U+009F,
 * the line ends U+2028 and U+2029, and those that change the direction of text (U+202A
 * to U+202E, U+2066 to U+2069). A terminal, a log or a second reader may obey any of
 * them.
 */
size_t str_control(struct str s, size_t i);

/* True if there is a control character anywhere in `s`. */
bool str_has_control(struct str s);

/* A copy that ends in NUL. The caller frees it. NULL if memory is out. */
char *str_dup(struct str s);

#endif
