/*
 * The algorithms that are supported (RFC 7518, RFC 8037, RFC 9864). Deliberately not
 * supported: `none`, RSA1_5 (padding oracles), PBES2 (the sender chooses the cost),
 * and compression.
 */
#ifndef ALG_H
#define ALG_H

#include <stddef.h>

#include "base/str.h"

enum key_type { KEY_NONE = 0, KEY_OCT, KEY_RSA, KEY_EC, KEY_OKP };

enum curve {
	CURVE_NONE = 0,
	CURVE_P256,
	CURVE_P384,
	CURVE_P521,
	CURVE_ED25519,
	CURVE_X25519
};

enum alg_family {
	/* `alg` of a JWS */
	ALG_HMAC = 1,
	ALG_RSA_PKCS1,
	ALG_RSA_PSS,
	ALG_ECDSA,
	ALG_EDDSA,
	/* `alg` of a JWE */
	ALG_DIRECT,
	ALG_AES_KW,
	ALG_AES_GCM_KW,
	ALG_RSA_OAEP,
	ALG_ECDH_ES,
	/* `enc` of a JWE; a JWK for `dir` may also name it as its `alg` */
	ALG_AES_GCM,
	ALG_AES_CBC_HMAC
};

enum alg_use { ALG_SIGN = 1, ALG_ENCRYPT };

struct alg {
	const char *name; /* as written in `alg` or `enc` */
	enum alg_use use;
	enum alg_family family;
	enum key_type type;
	enum curve curve;   /* ECDSA and EdDSA: the only curve; otherwise CURVE_NONE */
	const char *digest; /* OpenSSL's name of the hash: of the signature, OAEP or
			     * HMAC */
	/*
	 * Octets. HMAC: the least that a key may have. AES: the exact size of the
	 * (wrapping or content) key, both halves for CBC with HMAC. ECDH-ES: the size
	 * of the agreed wrapping key, 0 for direct agreement.
	 */
	size_t key_size;
};

/* Find an algorithm by name; case counts. NULL if it is not supported. */
const struct alg *alg_find(struct str name);

/* All algorithms in a fixed order, for help texts and tests. NULL past the end. */
const struct alg *alg_at(size_t i);

/* The signature algorithm that a curve implies. NULL for X25519. */
const struct alg *alg_of_curve(enum curve curve);

/* The curve of a crv name. CURVE_NONE if it is not supported. */
enum curve curve_find(struct str name);
const char *curve_name(enum curve curve);       /* P-256, Ed25519, … */
const char *curve_group(enum curve curve);      /* OpenSSL's name */
size_t curve_size(enum curve curve);            /* octets of a coordinate */
enum key_type curve_key_type(enum curve curve); /* KEY_EC or KEY_OKP */

#endif
