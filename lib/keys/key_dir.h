/*
 * The operator's keys on disk: a directory of JWK files, or one file. A process that
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
	bool is_empty;             /* nothing is there yet */
	int lock;                  /* -1: none */
	struct file_access access; /* of the present key files; if there are none: for
				    * the first */
	struct keyset set;         /* the present keys; n is 0 if there are none */
};

/*
 * Load the keys at `path` to change them. With `make`, a missing directory is created
 * (0700), unless the name ends in .jwk or .json: then it will be a file. Call
 * key_dir_close after any return. Complaints go to `why`.
 */
enum err key_dir_open(struct key_dir *r, const char *path, bool make, struct why *why);
void key_dir_close(struct key_dir *r);

/* The same for what is there, without waiting: ERR_BUSY if another process holds it. */
enum err key_dir_try(struct key_dir *r, const char *path, struct why *why);

/* Load again after a change. */
enum err key_dir_reload(struct key_dir *r, struct why *why);

/* Let that group read added keys, too. */
void key_dir_set_group(struct key_dir *r, gid_t group);

/*
 * Write a new key as THUMBPRINT.jwk, or as the file itself. ERR_SYNTAX if it may not
 * be in the same set as the present keys. ERR_EXISTS rather than overwrite.
 */
enum err key_dir_add(struct key_dir *r, const struct jwk *key, struct why *why);

/*
 * Times that are not 0 are set. `strip` leaves only the public half, if there is one.
 */
struct key_dir_change {
	int64_t nbf, exp, signed_until;
	bool strip;
};

/* Change the key of that thumbprint, all in one step. */
enum err key_dir_change(struct key_dir *r, const char *thumbprint,
			const struct key_dir_change *change, struct why *why);

/*
 * Delete the file of a key, if it contains only that key. Otherwise leave it
 * unchanged.
 */
enum err key_dir_remove(struct key_dir *r, const char *thumbprint, struct why *why);

#endif
