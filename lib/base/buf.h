/*
 * A growing run of bytes with a ceiling. It owns its bytes and wipes them when
 * it moves or ends, so that it may hold a secret.
 *
 * A failed addition marks the buffer as failed and every later one fails too:
 * a sequence of additions needs one check, at its end. What does not fit is
 * refused whole, never cut.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
	char *p; /* n bytes, then a NUL that does not count; NULL before the first */
	size_t n;
	size_t size; /* allocated */
	size_t max;  /* n never exceeds it */
	bool failed;
};

/* An empty buffer that will hold `max` bytes at most. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Wipe and free; the buffer is then as after buf_init. NULL is allowed. */
void buf_done(struct buf *b);

/* Wipe the content and the failure, keep the memory. */
void buf_clear(struct buf *b);

/* Make room for `n` more bytes. False: over the ceiling, or no memory. */
bool buf_reserve(struct buf *b, size_t n);

/* Append bytes, a text that ends in NUL, one byte, or a formatted text. */
bool buf_add(struct buf *b, struct str s);
bool buf_addz(struct buf *b, const char *z);
bool buf_addc(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Append `s` and return the copy. It stays where it is as long as nothing is added
 * beyond what buf_reserve made room for. Empty, and the buffer failed, on failure.
 */
struct str buf_keep(struct buf *b, struct str s);

/* The decimal digits of `value`. */
bool buf_addi(struct buf *b, int64_t value);

/* The content; borrowed until the next change. Never a NULL pointer. */
struct str buf_str(const struct buf *b);

/* The content with its NUL; borrowed until the next change. */
const char *buf_z(const struct buf *b);

#endif
