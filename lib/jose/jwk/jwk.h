/*
 * A JSON Web Key (RFC 7517; 7518, 6; 8037, 2): parsed, checked, ready for use.
 *
 * Each key has one algorithm. The key names it; a token never chooses. A key without
 * `alg` gets the algorithm that its type implies: ES256, ES384, ES512 or EdDSA by its
 * curve, or ECDH-ES if it is for encryption. RSA and oct keys must name one.
 *
 * Refused: an oct key that is shorter than its algorithm's hash, or does not have the
 * length of its AES key; RSA below 2048 bits, above 8192, with an even modulus, an
 * even e or e < 3; an EC point that is not on its curve; a coordinate or private part
 * of the wrong length; an Ed25519 point that is not on the curve or has a small order;
 * a private part that does not match the public one; `use`, `key_ops` and `alg` that
 * contradict each other; members of the wrong type; integers with leading zero octets.
 */
#ifndef JWK_H
#define JWK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/alg.h"

#define JWK_MAX 16384    /* bytes of one JWK */
#define JWK_KID_MAX 256  /* bytes of a kid */
#define JWK_OCT_MAX 1024 /* bytes of an oct key */
#define JWK_THUMBPRINT 43

/* The operations that a key's `use` and `key_ops` allow. A mask. */
enum jwk_op {
	JWK_OP_SIGN = 1,
	JWK_OP_VERIFY = 2,
	JWK_OP_ENCRYPT = 4, /* also wrapKey, and deriveKey with a public key */
	JWK_OP_DECRYPT = 8  /* also unwrapKey, deriveKey, deriveBits */
};

struct evp_pkey_st;     /* EVP_PKEY */
struct evp_pkey_ctx_st; /* EVP_PKEY_CTX */
struct evp_md_ctx_st;
struct mac;

struct jwk {
	enum key_type type;
	enum curve curve;
	const struct alg *alg; /* never NULL */
	bool alg_said;         /* named by the key itself, not implied */
	bool kid_said;
	bool is_private;           /* holds a private part, or is oct */
	unsigned ops;              /* of enum jwk_op */
	char kid[JWK_KID_MAX + 1]; /* its thumbprint if it names none */
	size_t kid_n;
	char thumbprint[JWK_THUMBPRINT + 1]; /* RFC 7638, with SHA-256 */

	/*
	 * Our own members of a key file, in seconds since 1970 (0: absent): when the
	 * key was made, from when it signs, and until when it verifies. See keyset.h.
	 */
	int64_t iat, nbf, exp;
	int64_t signed_until; /* exp of the token with the longest life that an operator
			       * issued */

	struct buf secret;        /* KEY_OCT: the octets */
	struct evp_pkey_st *pkey; /* every other type */

	/* Prepared when the key verifies or signs for the first time. */
	struct mac *mac;
	struct evp_pkey_ctx_st *verifier;
	struct evp_pkey_ctx_st *signer;
};

/* The kid. Compare it byte for byte, and escape it wherever it is shown. */
struct str jwk_kid(const struct jwk *key);

/*
 * What a key without `use`, `key_ops` and `alg` is for. A P-256 key, for example, then
 * has ES256 or ECDH-ES.
 */
enum jwk_default { JWK_FOR_SIGNATURES, JWK_FOR_ENCRYPTION };

struct json_t;

/*
 * Read the key from a parsed JWK. If the key names no alg (RFC 7517, 4.4), it gets
 * `unnamed`, unless that is NULL, and otherwise the algorithm that its curve implies.
 * Nothing implies an algorithm for an RSA or oct key. ERR_UNSUPPORTED: type, curve or
 * algorithm are not supported (a key set ignores such keys, as RFC 7517, 5 demands).
 * ERR_SYNTAX: form or strength are refused; `why` names the reason, without the kid
 * and without any value. Call jwk_done after any return.
 */
enum err jwk_parse(const struct json_t *object, enum jwk_default purpose,
		   const struct alg *unnamed, struct jwk *key, struct why *why);

/* NULL is allowed, and so is a second call. Wipes the key. */
void jwk_done(struct jwk *key);

enum jwk_part { JWK_PUBLIC, JWK_WHOLE };

/*
 * Append as JSON. JWK_PUBLIC: kty, crv, x, y, n, e, kid, use, alg, and iat and exp
 * if set. ERR_PERMISSION for an oct key, which has no public part. JWK_WHOLE: also the
 * private part, if there is one, and nbf and signed_until if set.
 */
enum err jwk_write(const struct jwk *key, enum jwk_part part, struct buf *out);

/*
 * A new random key for `alg`. Its kid is its thumbprint; it never begins with a
 * hyphen. An RSA key has `bits` (0: 3072), an oct key the size that its algorithm
 * needs, and an ECDH-ES key is on `curve` (CURVE_NONE: P-256).
 */
enum err jwk_make(const struct alg *alg, unsigned bits, enum curve curve, int64_t now,
		  struct jwk *key, struct why *why);

/*
 * Make a key from an OpenSSL key (read from PEM, for example), which it owns from then
 * on if this succeeds. `alg` may be NULL if the type implies one. The checks are those
 * of jwk_parse.
 */
enum err jwk_from_pkey(struct evp_pkey_st *pkey, bool is_private, const struct alg *alg,
		       struct jwk *key, struct why *why);

#endif
