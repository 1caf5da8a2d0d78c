/* base64 with its usual alphabet (RFC 4648, 4). */
#ifndef FOREIGN_BASE64_H
#define FOREIGN_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Append the encoding of at most 1024 bytes, with padding. */
bool base64_encode(struct buf *out, struct str bytes);

/*
 * Decode into `bytes`, which has room for `size` bytes; the length goes to `n`. Padding may
 * be missing. False if `text` is not canonical, is over 2048 characters, or does not fit.
 */
bool base64_decode_to(void *bytes, size_t size, size_t *n, struct str text);

#endif
