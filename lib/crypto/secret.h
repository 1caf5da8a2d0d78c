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

/* Equal in length and content, in a time that tells nothing of the content. */
bool secret_equal(struct str a, struct str b);

/* Overwrite; the compiler does not optimise it away. NULL with 0 is allowed. */
void secret_wipe(void *p, size_t n);

/*
 * Append a secret file's content, `max` bytes at most, to `out`. Refused with
 * ERR_PERMISSION: anything but a regular file (a symbolic link to one is
 * followed), a file that the world can read or that group or world can write.
 * ERR_NOT_FOUND, ERR_LIMIT when longer, ERR_IO. `why` names the path. The
 * content is as it stands: a trailing newline is the caller's affair.
 */
enum err secret_read_file(const char *path, size_t max, struct buf *out, struct why *why);

/*
 * The same of a file that is itself a key: ERR_LIMIT also when it holds fewer than
 * SECRET_KEY_MIN bytes.
 */
#define SECRET_KEY_MIN 32
#define SECRET_KEY_MAX 1024
enum err secret_read_key(const char *path, struct buf *out, struct why *why);

/*
 * The same without the refusal for what others may do: the file's permission
 * bits go to `mode`, for callers who must look inside to know whether it is
 * secret.
 */
enum err secret_read_any(const char *path, size_t max, struct buf *out, mode_t *mode,
			 struct why *why);

/* True if a secret in a file of that mode is none: see secret_read_file. */
bool secret_mode_is_open(mode_t mode);

#endif
