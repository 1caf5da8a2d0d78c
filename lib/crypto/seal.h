/*
 * Sealing: AES-256-GCM (NIST SP 800-38D) under a key that is derived from a secret for one
 * purpose, so that what was sealed for one purpose opens for no other.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define SEAL_NONCE 12
#define SEAL_TAG 16
#define SEAL_MORE (SEAL_NONCE + SEAL_TAG) /* bytes that sealing adds */

/* What the seal is bound to: whoever opens it has to name the same. */
struct seal {
	struct str secret;  /* 32 bytes or more; fewer are refused with ERR_CRYPTO */
	struct str purpose; /* the label of the key: HMAC-SHA-256(secret, purpose) */
	struct str about;   /* additional data; may be empty */
};

/* Append nonce, ciphertext and tag of `plain` to `out`; nothing is added on an error. */
enum err seal_close(const struct seal *with, struct str plain, struct buf *out);

/*
 * Append what was sealed to `out`. `*good` false, and nothing added: it was not sealed with
 * the same secret, purpose and `about`, or somebody has changed it.
 */
enum err seal_open(const struct seal *with, struct str sealed, struct buf *out,
		   bool *good);

#endif
