#include "base/base64url.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				 "0123456789-_";

/*
 * One character's value, or -1, without a table or a branch on its value: the
 * key files of HS256 pass through here.
 */
static int
value_of(unsigned char c)
{
	int v = -1;
	int x = c;

	v += (('A' - 1 - x) & (x - ('Z' + 1))) >> 8 & (x - 'A' + 1);
	v += (('a' - 1 - x) & (x - ('z' + 1))) >> 8 & (x - 'a' + 27);
	v += (('0' - 1 - x) & (x - ('9' + 1))) >> 8 & (x - '0' + 53);
	v += (('-' - 1 - x) & (x - ('-' + 1))) >> 8 & 63;
	v += (('_' - 1 - x) & (x - ('_' + 1))) >> 8 & 64;
	return v;
}

bool
base64url_encode(struct buf *out, struct str bytes)
{
	const unsigned char *s = (const unsigned char *)bytes.p;
	uint32_t group = 0;
	unsigned bits = 0;

	if (bytes.n > SIZE_MAX / 2 || !buf_reserve(out, BASE64URL_LENGTH(bytes.n))) {
		out->failed = true;
		return false;
	}
	for (size_t i = 0; i < bytes.n; i++) {
		group = group << 8 | s[i];
		for (bits += 8; bits >= 6; bits -= 6)
			out->p[out->n++] = alphabet[group >> (bits - 6) & 63];
	}
	if (bits > 0)
		out->p[out->n++] = alphabet[group << (6 - bits) & 63];
	out->p[out->n] = '\0';
	return true;
}

bool
base64url_decode_to(void *bytes, size_t size, size_t *n, struct str text)
{
	unsigned char *d = bytes;
	uint32_t group = 0;
	unsigned bits = 0;
	size_t used = 0;

	if (text.n % 4 == 1 || text.n / 4 * 3 + text.n % 4 * 3 / 4 > size)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		int v = value_of((unsigned char)text.p[i]);

		if (v < 0)
			return false;
		group = group << 6 | (uint32_t)v;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			d[used++] = (unsigned char)(group >> bits);
		}
	}
	if ((group & ((1U << bits) - 1)) != 0)
		return false;
	*n = used;
	return true;
}

bool
base64url_decode(struct buf *out, struct str text)
{
	size_t n = 0;

	if (!buf_reserve(out, text.n / 4 * 3 + 2))
		return false;
	if (!base64url_decode_to(out->p + out->n, out->size - out->n - 1, &n, text)) {
		explicit_bzero(out->p + out->n, out->size - out->n);
		return false;
	}
	out->n += n;
	out->p[out->n] = '\0';
	return true;
}
