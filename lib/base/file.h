/*
 * Whole files. A reader always finds either the old content or the new one, never a
 * part of it, even after a power cut. For this, the bytes are written to a file in the
 * same directory whose name starts with a dot, synced, and then renamed.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Append the content of the file `path` to `out`, `max` bytes at most and no more than
 * `out` may hold. A symbolic link is followed. Anything that is not a regular file is
 * refused without waiting for it. `st` (may be NULL) gets the stat of the file that
 * was read. On an error `out` is unchanged, and `why` begins with the path:
 *
 * ERR_NOT_FOUND   there is no such file
 * ERR_PERMISSION  it may not be read, or it is not a regular file
 * ERR_LIMIT       it is longer
 * ERR_MEMORY, ERR_IO  it may be readable another time
 */
enum err file_read(const char *path, size_t max, struct buf *out, struct stat *st,
		   struct why *why);

/* As file_read, for `name` in an open directory. */
enum err file_read_at(int directory, const char *name, size_t max, struct buf *out,
		      struct stat *st, struct why *why);

/* Read the rest of an open file or pipe. `name` is used in `why`. */
enum err file_read_rest(int fd, const char *name, size_t max, struct buf *out,
			struct why *why);

struct file_access {
	mode_t mode;
	uid_t owner; /* FILE_ANYONE: the system's default */
	gid_t group; /* FILE_ANYONE: the system's default */
};

#define FILE_ANYONE ((uid_t)-1)

/* Write `bytes` to `path`, and replace an existing file. ERR_IO with `why`. */
enum err file_replace(const char *path, struct str bytes,
		      const struct file_access *access, struct why *why);

/* As file_write, but ERR_EXISTS if there is such a file already. */
enum err file_create(const char *path, struct str bytes, const struct file_access *access,
		     struct why *why);

#endif
