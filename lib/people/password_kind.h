/*
 * The kinds of stored hashes, told apart by their prefix and bounded in what
 * verifying one may cost: a hash that someone planted or imported must not
 * take the host down.
 */
#ifndef PASSWORD_KIND_H
#define PASSWORD_KIND_H

#include "people/password.h"

#define PASSWORD_BCRYPT_MAX 72 /* bytes that bcrypt looks at */

enum password_kind {
	PASSWORD_KIND_NONE = 0, /* of no kind we verify, malformed or too costly */
	PASSWORD_KIND_ARGON2ID,
	PASSWORD_KIND_ARGON2I,
	PASSWORD_KIND_BCRYPT,
	PASSWORD_KIND_CRYPT /* the others of crypt(3): yescrypt, SHA-512, SHA-256 */
};

/*
 * What it takes goes to `cost`: the memory, and for Argon2 the passes. It may cost
 * as much as `own`, the setting for new hashes, however much that is.
 */
enum password_kind password_kind(struct str hash, const struct password_cost *own,
				 struct password_cost *cost);

/*
 * One Argon2 computation of `cost`, of which the memory was proven to be there.
 * ERR_CRYPTO when libsodium refuses the hash.
 */
enum err password_argon2(struct str hash, const struct password_cost *cost,
			 struct str password, bool *match);

/* One crypt(3) computation. ERR_CRYPTO when libxcrypt refuses the hash. */
enum err password_crypt(struct str hash, struct str password, bool *match);

#endif
