#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_SMALLEST 64

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_done(struct buf *b)
{
	if (b == NULL)
		return;
	if (b->p != NULL) {
		explicit_bzero(b->p, b->size);
		free(b->p);
	}
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->size);
	b->n = 0;
	b->failed = false;
}

/* Not realloc: it would leave a copy of a secret in the old memory. */
static bool
move(struct buf *b, size_t size)
{
	char *p = malloc(size);

	if (p == NULL)
		return false;
	if (b->p != NULL) {
		memcpy(p, b->p, b->n);
		explicit_bzero(b->p, b->size);
		free(b->p);
	}
	p[b->n] = '\0';
	b->p = p;
	b->size = size;
	return true;
}

static bool
grow(struct buf *b, size_t n)
{
	size_t size = b->size < BUF_SMALLEST ? BUF_SMALLEST : b->size;

	if (b->failed || n > b->max - b->n) {
		b->failed = true;
		return false;
	}
	while (size - b->n <= n) {
		if (size > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		size *= 2;
	}
	b->failed = !move(b, size);
	return !b->failed;
}

/* Inline, because most additions are a few bytes. */
static inline bool
has_room(const struct buf *b, size_t n)
{
	return b->p != NULL && n < b->size - b->n && n <= b->max - b->n && !b->failed;
}

bool
buf_reserve(struct buf *b, size_t n)
{
	return has_room(b, n) || grow(b, n);
}

bool
buf_add(struct buf *b, struct str s)
{
	if (!has_room(b, s.n) && !grow(b, s.n))
		return false;
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
	return true;
}

bool
buf_addz(struct buf *b, const char *z)
{
	return buf_add(b, str_of(z));
}

bool
buf_addc(struct buf *b, char c)
{
	if (!has_room(b, 1) && !grow(b, 1))
		return false;
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
	return true;
}

struct str
buf_keep(struct buf *b, struct str s)
{
	size_t at = b->n;

	if (!buf_add(b, s))
		return (struct str){ NULL, 0 };
	return (struct str){ b->p + at, s.n };
}

bool
buf_addi(struct buf *b, int64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do {
		digits[--at] = (char)('0' + left % 10);
	} while ((left /= 10) > 0);
	if (value < 0)
		digits[--at] = '-';
	return buf_add(b, (struct str){ digits + at, sizeof(digits) - at });
}

/* One copy if there is enough room, as in a buffer that is used again. */
bool
buf_addf(struct buf *b, const char *format, ...)
{
	size_t room = b->p == NULL ? 0 : b->size - b->n;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(room == 0 ? NULL : b->p + b->n, room, format, ap);
	va_end(ap);
	if (n < 0 || !buf_reserve(b, (size_t)n)) {
		if (room > 0)
			b->p[b->n] = '\0';
		b->failed = true;
		return false;
	}
	if ((size_t)n >= room) {
		va_start(ap, format);
		vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
	return true;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ buf_z(b), b->n };
}

const char *
buf_z(const struct buf *b)
{
	return b->p == NULL ? "" : b->p;
}
