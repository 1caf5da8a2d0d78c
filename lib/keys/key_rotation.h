/*
 * Rotation of signing keys: each call does what is due, and the next one goes on. A new
 * key is published before it signs, and the old one verifies until its last token has
 * expired.
 */
#ifndef KEY_ROTATION_H
#define KEY_ROTATION_H

#include <sys/types.h>

#include "config/config.h"

struct key_rotation {
	const struct config *config;
	int64_t now;
	int64_t every_s; /* the age at which a key that signs is replaced; 0: at once */
	int64_t ahead_s; /* how long a new key is published before it signs */
	bool now_wanted; /* replace it even if the last rotation is not complete */
	const char *alg; /* only keys of this algorithm; NULL: each that has keys */
	int64_t programs_until; /* when the last token for a program expires; 0: none */
	const gid_t *group;     /* may read the new key, too; NULL: as the present keys */
	struct buf *made;       /* kids of new keys, one a line */
	struct buf *done;       /* what was done: key_note.h */
};

/*
 * Do what is due. If another process holds the keys, wait for it, and create a missing
 * directory. On an error `done` tells what was done all the same.
 */
enum err key_rotate_now(const struct key_rotation *r, struct why *why);

/*
 * The same for a program that must not wait: ERR_BUSY if another process holds the
 * keys. Nothing is created but keys.
 */
enum err key_rotate_if_free(const struct key_rotation *r, struct why *why);

#endif
