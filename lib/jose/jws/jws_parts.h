/* Shared by signing and verifying. Only jws_*.c include this. */
#ifndef JWS_PARTS_H
#define JWS_PARTS_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "crypto/mac.h"
#include "jose/jwk/jwk.h"

struct evp_md_st;

#define JWS_DIGEST_MAX 64

/* The digest of `alg`, fetched once; NULL on error. */
const struct evp_md_st *jws_md(const struct alg *alg);

enum err jws_digest(const struct alg *alg, struct str input,
		    unsigned char out[JWS_DIGEST_MAX], size_t *n);

/* The HMAC of `input` under an oct key. */
enum err jws_mac(struct jwk *key, struct str input, unsigned char out[MAC_MAX],
		 size_t *n);

/* Set padding and digest of RSA and ECDSA in a context for signing or verifying. */
enum err jws_set_padding(const struct alg *alg, struct evp_pkey_ctx_st *ctx);

#endif
