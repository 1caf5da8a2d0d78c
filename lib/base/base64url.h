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
 * Append the decoding of `text`. Only the canonical form is accepted: no padding, no
 * character outside the alphabet, no length of 4k+1, and the unused low bits of the
 * last character are zero. Otherwise returns false and leaves `out` unchanged.
 */
bool base64url_decode(struct buf *out, struct str text);

/*
 * Decode into `bytes`, which has room for `size` bytes. The length is stored in `n`.
 * False also if the result does not fit.
 */
bool base64url_decode_to(void *bytes, size_t size, size_t *n, struct str text);

#endif
