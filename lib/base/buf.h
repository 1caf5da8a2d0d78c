/*
 * A byte buffer that grows up to a limit. It owns its bytes and wipes them when it
 * moves or ends, so it may hold a secret.
 *
 * If an addition fails, the buffer is marked as failed and every later addition fails,
 * too. So a sequence of additions needs only one check, at its end. Bytes that do not
 * fit are refused as a whole and never cut.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
	char *p; /* n bytes, then a NUL that is not counted; NULL before the first
		  * addition */
	size_t n;
	size_t size; /* allocated */
	size_t max;  /* n never exceeds it */
	bool failed;
};

/* An empty buffer that may hold up to `max` bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Wipe and free. The buffer is then as after buf_init. NULL is allowed. */
void buf_done(struct buf *b);

/* Wipe the content, clear the failure mark, and keep the memory. */
void buf_clear(struct buf *b);

/* Make room for `n` more bytes. False if the limit is exceeded or memory is out. */
bool buf_reserve(struct buf *b, size_t n);

/* Append bytes, a text that ends in NUL, one byte, or a formatted text. */
bool buf_add(struct buf *b, struct str s);
bool buf_addz(struct buf *b, const char *z);
bool buf_addc(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

/*
 * Append `s` and return the copy. It stays at its place until more is added than
 * buf_reserve made room for. On failure the result is empty and the buffer is marked
 * as failed.
 */
struct str buf_keep(struct buf *b, struct str s);

/* Append the decimal digits of `value`. */
bool buf_addi(struct buf *b, int64_t value);

/* The content. Borrowed until the next change. Its pointer is never NULL. */
struct str buf_str(const struct buf *b);

/* The content, with a NUL at its end. Borrowed until the next change. */
const char *buf_z(const struct buf *b);

#endif
