/*
 * The operator's keys on disk: a directory of JWK files, or one file. Whoever
 * changes it holds its lock, so that two runs from cron do not make two keys.
 */
#ifndef KEY_DIR_H
#define KEY_DIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/file.h"
#include "jose/keyset/keyset.h"

struct key_dir {
	const char *path;
	bool is_directory;
	bool is_empty;             /* nothing there yet */
	int lock;                  /* -1: none */
	struct file_access access; /* of the key files there; when empty: to be */
	struct keyset set;         /* what is there; n is 0 when empty */
};

/*
 * Load what is at `path` for a change. With `make`, a directory that is not
 * there yet is made (0700), unless the name ends in .jwk or .json: that is a
 * file to be. key_dir_close after any return; complaints go to `why`.
 */
enum err key_dir_open(struct key_dir *r, const char *path, bool make, struct why *why);
void key_dir_close(struct key_dir *r);

/* Load again after a change. */
enum err key_dir_reload(struct key_dir *r, struct why *why);

/* Let that group read what is added (NULL: as it is). False: no such group. */
bool key_dir_set_group(struct key_dir *r, const char *name);

/*
 * Write a new key as THUMBPRINT.jwk, or as the file itself. ERR_SYNTAX when it
 * cannot stand beside what is there; ERR_EXISTS rather than overwrite.
 */
enum err key_dir_add(struct key_dir *r, const struct jwk *key, struct why *why);

/* Times where they are not 0; `strip` leaves only the public half, if there is one. */
struct key_dir_change {
	int64_t nbf, exp, signed_until;
	bool strip;
};

/* Change the key of that thumbprint, all in one step. */
enum err key_dir_change(struct key_dir *r, const char *thumbprint,
			const struct key_dir_change *change, struct why *why);

/* Delete the file of a key that is alone in it; others are left as they are. */
enum err key_dir_remove(struct key_dir *r, const char *thumbprint, struct why *why);

#endif
