/*
 * The kinds of stored hashes, distinguished by their prefix. The cost of verifying a
 * hash is limited: a planted or imported hash must not bring the host down.
 */
#ifndef PASSWORD_KIND_H
#define PASSWORD_KIND_H

#include "people/password.h"

#define PASSWORD_BCRYPT_MAX 72 /* bytes that bcrypt looks at */

enum password_kind {
	PASSWORD_KIND_NONE = 0, /* of an unknown kind, malformed, or too costly */
	PASSWORD_KIND_ARGON2ID,
	PASSWORD_KIND_ARGON2I,
	PASSWORD_KIND_BCRYPT,
	PASSWORD_KIND_CRYPT,  /* the others of crypt(3): yescrypt, SHA-512, SHA-256 */
	PASSWORD_KIND_FOREIGN /* foreign/foreign.h */
};

/*
 * Store what it needs in `cost`: the memory, and for Argon2 the passes. A hash that
 * costs no more than `own`, the setting for new hashes, is always allowed.
 */
enum password_kind password_kind(struct str hash, const struct password_cost *own,
				 struct password_cost *cost);

/*
 * One Argon2 computation of `cost`. The memory is known to be there. ERR_CRYPTO if
 * libsodium refuses the hash.
 */
enum err password_argon2(struct str hash, const struct password_cost *cost,
			 struct str password, bool *match);

#endif
