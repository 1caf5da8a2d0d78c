/*
 * Hashes of passwords that other software made, for users who come from there:
 *
 *   $P$, $H$                      phpass: WordPress up to 6.7, phpBB, Drupal 7's import
 *   $wp$2y$                       WordPress 6.8: bcrypt of base64(HMAC-SHA-384)
 *   pbkdf2_sha256$, pbkdf2_sha1$  Django
 *   scrypt$, bcrypt_sha256$       Django
 *   $apr1$                        htpasswd -m: weak
 *   {SHA}, {SSHA}                 htpasswd -s, LDAP: weak
 *
 * The cost of each is bounded as in people/password_kind.h, by about a second. The hashes
 * of crypt(3) are here, too, because some of these are made of bcrypt.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct foreign_kind {
	/* Well-formed, and cheap enough? `*memory`: what it needs in bytes. */
	bool (*is)(struct str hash, size_t *memory);
	/* One computation. ERR_MEMORY if OpenSSL could not do it. */
	enum err (*check)(struct str hash, struct str password, bool *match);
	bool quick; /* it takes a small part of the time of a hash of ours */
	bool weak;  /* whoever has the hash finds most passwords in a short time */
};

/* NULL: of no such kind, malformed, or too costly. */
const struct foreign_kind *foreign_find(struct str hash, size_t *memory);

/* bcrypt: $2a$, $2b$ or $2y$, a cost from 4 to 14, and 53 characters. */
bool foreign_is_bcrypt(struct str hash);

/* One crypt(3) computation. ERR_CRYPTO if libxcrypt refuses the hash. */
enum err foreign_crypt(struct str hash, struct str password, bool *match);

#endif
