/*
 * HMAC (RFC 2104) with SHA-2. A `struct mac` is a key made ready once and used
 * for any number of messages: preparing costs more than computing.
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

/* The MAC of `bytes` into `out`; its length (32, 48 or 64) into `n`. */
enum err mac_compute(struct mac *m, struct str bytes, unsigned char out[MAC_MAX],
		     size_t *n);

/* HMAC-SHA256 of one message under one key. */
enum err mac_sha256(struct str key, struct str bytes, unsigned char out[32]);

#endif
