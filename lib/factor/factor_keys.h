/*
 * The keys under which the secrets of factors are sealed before they are stored. They are
 * files of one directory (the setting factor_keys), and nowhere else: who has read the
 * database alone knows no secret.
 *
 * The name of a file is the id of its key: 1 to 32 of a-z, 0-9 and hyphens. Its content is
 * 32 or more random bytes. The last id in byte order is the current one: with it new
 * secrets are sealed. A secret under an older key is sealed again at its next use.
 */
#ifndef FACTOR_KEYS_H
#define FACTOR_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define FACTOR_KEY_ID 33     /* size of an id, with NUL */
#define FACTOR_KEYS_MAX 64   /* keys of a directory */
#define FACTOR_SEALED_MAX 64 /* bytes of a sealed secret */

struct factor_keys;

/*
 * Read the directory. ERR_NOT_FOUND also if it is empty, ERR_PERMISSION if others can
 * read a key or put one there, ERR_SYNTAX if a file has no name of a key. `why` names the
 * path. On an error `*keys` is NULL. NULL is allowed for factor_keys_close.
 */
enum err factor_keys_open(const char *path, struct factor_keys **keys, struct why *why);
void factor_keys_close(struct factor_keys *keys);

/*
 * The same, but `*keys` is there after an error as well (unless ERR_MEMORY) and is usable
 * once the directory is. For programs that have other things to do.
 */
enum err factor_keys_watch(const char *path, struct factor_keys **keys, struct why *why);

/* Look whether the directory has changed (base/watch.h). An error: not usable now. */
enum err factor_keys_follow(struct factor_keys *keys, struct why *why);

/* The id at position `i` in byte order, or an empty text after the last one. */
struct str factor_keys_id(const struct factor_keys *keys, size_t i);

/*
 * Seal the secret of one-time codes of the user with the id `user` with the current key.
 * Appends to `sealed`. An error: the keys are not usable.
 */
enum err factor_seal(const struct factor_keys *keys, struct str user, struct str secret,
		     char key_id[FACTOR_KEY_ID], struct buf *sealed, struct why *why);

/*
 * Append what factor_seal sealed for `user` to `secret`. `*stale`: not with the current
 * key. ERR_NOT_FOUND: there is no key `key_id`. ERR_CRYPTO: it was not sealed with that
 * key for this user, or somebody has changed it. None of these is the fault of the person
 * who logs in, and the operator has to be told `why`.
 */
enum err factor_unseal(const struct factor_keys *keys, struct str user, struct str key_id,
		       struct str sealed, struct buf *secret, bool *stale,
		       struct why *why);

#endif
