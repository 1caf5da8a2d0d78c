/*
 * Base 32 (RFC 4648, 6) without padding, as apps and people copy it.
 */
#ifndef BASE32_H
#define BASE32_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Encoded length of `n` bytes. */
#define BASE32_LENGTH(n) (((n)*8 + 4) / 5)

/* Append the encoding of `bytes`, in upper or lower case. */
bool base32_encode(struct buf *out, struct str bytes, bool upper);

#endif
