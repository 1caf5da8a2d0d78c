/*
 * HMAC (RFC 2104) with SHA-2. A `struct mac` is a prepared key for any number of
 * messages. Preparing a key costs more than computing a MAC.
 */
#ifndef MAC_H
#define MAC_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define MAC_MAX 64

enum mac_hash { MAC_SHA256, MAC_SHA384, MAC_SHA512 };

struct mac;

/* The key is copied. On error `*m` is NULL. */
enum err mac_open(struct mac **m, enum mac_hash hash, struct str key);

/* NULL is allowed. */
void mac_close(struct mac *m);

/* Write the MAC of `bytes` to `out`, and its length (32, 48 or 64) to `n`. */
enum err mac_compute(struct mac *m, struct str bytes, unsigned char out[MAC_MAX],
		     size_t *n);

/* HMAC-SHA256 of one message under one key. */
enum err mac_sha256(struct str key, struct str bytes, unsigned char out[32]);

#endif
