/*
 * Handling of secrets: compare, wipe, read from a file.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Equal in length and content. The time taken says nothing about the content. */
bool secret_equal(struct str a, struct str b);

/* Overwrite with zeros. The compiler does not remove this. NULL with 0 is allowed. */
void secret_wipe(void *p, size_t n);

/*
 * Append the content of a secret file to `out`, `max` bytes at most. ERR_PERMISSION if
 * it is not a regular file (a symbolic link to one is followed), if everybody can read
 * it, or if its group or everybody can write it. ERR_NOT_FOUND, ERR_LIMIT if it is
 * longer, ERR_IO. `why` names the path. The content is unchanged; the caller deals
 * with a trailing newline.
 */
enum err secret_read_file(const char *path, size_t max, struct buf *out, struct why *why);

/*
 * As secret_read_file, for a file that is itself a key: ERR_LIMIT also if it holds
 * fewer than SECRET_KEY_MIN bytes.
 */
#define SECRET_KEY_MIN 32
#define SECRET_KEY_MAX 1024
enum err secret_read_key(const char *path, struct buf *out, struct why *why);

/*
 * As secret_read_file, but permissions of others are not refused. The file's
 * permission bits are stored in `mode`, for callers who must read the content to know
 * whether it is secret.
 */
enum err secret_read_any(const char *path, size_t max, struct buf *out, mode_t *mode,
			 struct why *why);

/* True if a file with that mode cannot hold a secret: see secret_read_file. */
bool secret_mode_is_open(mode_t mode);

#endif
