/*
 * base64url without padding (RFC 4648, 5; RFC 7515, 2 and appendix C).
 */
#ifndef BASE64URL_H
#define BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Encoded length of `n` bytes. */
#define BASE64URL_LENGTH(n) (((n) / 3) * 4 + ((n) % 3 == 0 ? 0 : (n) % 3 + 1))

/* Append the encoding of `bytes`. */
bool base64url_encode(struct buf *out, struct str bytes);

/*
 * Append the decoding of `text`. Only the canonical form: no padding, no
 * character outside the alphabet, no length of 4k+1, and the unused low bits
 * of the last character are zero. Otherwise false and `out` as it was.
 */
bool base64url_decode(struct buf *out, struct str text);

/*
 * The same into `bytes` of room for `size`; the length goes to `n`. False
 * also where it does not fit.
 */
bool base64url_decode_to(void *bytes, size_t size, size_t *n, struct str text);

#endif
