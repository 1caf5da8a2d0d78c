/*
 * Keys as PEM (RFC 7468): PKCS #8, SEC 1 and PKCS #1 private keys, and
 * SubjectPublicKeyInfo.
 */
#ifndef JWK_PEM_H
#define JWK_PEM_H

#include "jose/jwk/jwk.h"

#define PEM_TEXT_MAX 65536

/*
 * Ask for the passphrase of an encrypted private key. False if there is none; the key
 * is then refused.
 */
typedef bool jwk_passphrase(struct buf *out);

/*
 * Read the first private key of `pem`, or else the first public one. It is checked as
 * in jwk_parse. `alg` may be NULL if the type implies one. `ask` may be NULL. Call
 * jwk_done after any return.
 */
enum err jwk_from_pem(struct str pem, const struct alg *alg, jwk_passphrase *ask,
		      struct jwk *key, struct why *why);

/*
 * Append as PEM: JWK_PUBLIC as SubjectPublicKeyInfo, JWK_WHOLE as unencrypted PKCS #8.
 * ERR_PERMISSION for an oct key, and if there is no private part.
 */
enum err jwk_to_pem(const struct jwk *key, enum jwk_part part, struct buf *out);

#endif
