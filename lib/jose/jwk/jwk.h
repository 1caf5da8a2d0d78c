/*
 * A JSON Web Key (RFC 7517; 7518, 6; 8037, 2): parsed, checked, ready for use.
 *
 * One algorithm a key, and the key says which; a token never chooses. A key
 * without `alg` gets the one that its type implies: ES256, ES384, ES512 or
 * EdDSA by its curve (ECDH-ES where it is for encryption); RSA and oct keys
 * must say.
 *
 * Refused: an oct key shorter than its algorithm's hash, or not as long as its
 * AES key; RSA under 2048 bits, over 8192, with an even modulus, an even e or
 * e < 3; an EC point off its curve, a coordinate or private part of the wrong
 * length; an Ed25519 point off the curve or of small order; a private part that
 * does not match the public one; `use`, `key_ops` and `alg` that contradict
 * each other; members of the wrong type; integers with leading zero octets.
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

/* What a key's `use` and `key_ops` leave open; a mask. */
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
	bool alg_said;         /* by the key itself, not implied */
	bool kid_said;
	bool is_private;           /* holds a private part, or is oct */
	unsigned ops;              /* of enum jwk_op */
	char kid[JWK_KID_MAX + 1]; /* its thumbprint where it names none */
	size_t kid_n;
	char thumbprint[JWK_THUMBPRINT + 1]; /* RFC 7638, with SHA-256 */

	/*
	 * Our own members of a key file (seconds since 1970; 0: not said): when
	 * it was made, from when it signs, until when it verifies. See keyset.h.
	 */
	int64_t iat, nbf, exp;
	int64_t signed_until; /* exp of the longest token that was made by hand */

	struct buf secret;        /* KEY_OCT: the octets */
	struct evp_pkey_st *pkey; /* every other type */

	/* Made ready when the key verifies or signs for the first time. */
	struct mac *mac;
	struct evp_pkey_ctx_st *verifier;
	struct evp_pkey_ctx_st *signer;
};

/* The kid, to be compared byte for byte and escaped wherever it is shown. */
struct str jwk_kid(const struct jwk *key);

/*
 * What a key without `use`, `key_ops` and `alg` is taken to be for: a P-256 key
 * then has ES256 or ECDH-ES.
 */
enum jwk_default { JWK_FOR_SIGNATURES, JWK_FOR_ENCRYPTION };

struct json_t;

/*
 * Take the key out of a parsed JWK. A key that names no alg (RFC 7517, 4.4) is
 * `unnamed`'s where that is not NULL, and otherwise what its curve implies; an RSA or
 * oct key has nothing to imply one. ERR_UNSUPPORTED: of a type, curve or
 * algorithm that is not on offer (a key set passes over those, as RFC 7517, 5
 * wants); ERR_SYNTAX: of a form or strength that is refused; `why` says what,
 * without the kid and without a value. Whatever comes back, jwk_done frees it.
 */
enum err jwk_parse(const struct json_t *object, enum jwk_default purpose,
		   const struct alg *unnamed, struct jwk *key, struct why *why);

/* NULL is allowed; a second time, too. Wipes. */
void jwk_done(struct jwk *key);

enum jwk_part { JWK_PUBLIC, JWK_WHOLE };

/*
 * Append as JSON. JWK_PUBLIC: kty, crv, x, y, n, e, kid, use, alg, and exp where
 * set; ERR_PERMISSION for an oct key, which has no public part. JWK_WHOLE: with
 * the private part where there is one, and iat, nbf and signed_until where set.
 */
enum err jwk_write(const struct jwk *key, enum jwk_part part, struct buf *out);

/*
 * A new random key for `alg`; kid is its thumbprint, which begins with no
 * hyphen. RSA has `bits` (0: 3072), oct the size that its algorithm needs,
 * ECDH-ES is on `curve` (CURVE_NONE: P-256).
 */
enum err jwk_make(const struct alg *alg, unsigned bits, enum curve curve, int64_t now,
		  struct jwk *key, struct why *why);

/*
 * A key from OpenSSL's (from PEM, say), whose ownership passes on success.
 * `alg` may be NULL where the type implies one. Checks as jwk_parse does.
 */
enum err jwk_from_pkey(struct evp_pkey_st *pkey, bool is_private, const struct alg *alg,
		       struct jwk *key, struct why *why);

#endif
