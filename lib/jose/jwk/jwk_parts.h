/*
 * The key material of each type. Only jwk.c and its neighbours include this.
 *
 * Each function reads the members of its type from a JWK whose `kty` (and `crv`) are
 * known, checks them as jwk.h says, and sets pkey or secret, and is_private.
 */
#ifndef JWK_PARTS_H
#define JWK_PARTS_H

#include "jose/jwk/jwk.h"

struct bignum_st;
struct ossl_param_st;

enum err jwk_take_oct(const struct json_t *object, struct jwk *key, struct why *why);
enum err jwk_take_rsa(const struct json_t *object, struct jwk *key, struct why *why);
enum err jwk_take_ec(const struct json_t *object, struct jwk *key, struct why *why);
enum err jwk_take_okp(const struct json_t *object, struct jwk *key, struct why *why);

/* A canonical base64url member of exactly `n` octets. */
enum err jwk_take_octets(const struct json_t *object, const char *name,
			 unsigned char *octets, size_t n, struct why *why);

/* An EVP_PKEY of OpenSSL's type `type` from `params`. */
enum err jwk_assemble(const char *type, bool is_private, struct ossl_param_st *params,
		      struct jwk *key, struct why *why);

/* True if y is the coordinate of a point of Ed25519 whose order is not small. */
bool jwk_is_ed25519_point(const unsigned char octets[32]);

/*
 * Append kty, crv and the numbers of an OpenSSL key as members of an open object.
 * `whole`: also the private numbers.
 */
enum err jwk_put_material(struct evp_pkey_st *pkey, enum key_type type, enum curve curve,
			  bool whole, struct buf *out);

#endif
