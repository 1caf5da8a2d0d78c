/*
 * Whole files: read, and written so that whoever reads it finds the old one or the new one,
 * never half of one, and after a power cut too: the bytes go to a file beside
 * it whose name starts with a dot, are synced, and take the name in one step.
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
 * Append what stands in the file `path`, `max` bytes at most and no more than it may hold, to `out`. A symbolic
 * link is followed; what is no regular file is refused, without waiting for it.
 * `st` (may be NULL) is of the file that was read. On an error `out` is as before,
 * and `why` begins with the path:
 *
 *   ERR_NOT_FOUND   there is none
 *   ERR_PERMISSION  it may not be read, or is no regular file
 *   ERR_LIMIT       it is longer
 *   ERR_MEMORY, ERR_IO  it may be readable another time
 */
enum err file_read(const char *path, size_t max, struct buf *out, struct stat *st,
		   struct why *why);

/* The same for `name` in an open directory. */
enum err file_read_at(int directory, const char *name, size_t max, struct buf *out,
		      struct stat *st, struct why *why);

/* The rest of what is open, a pipe also; `name` is for `why`. */
enum err file_read_rest(int fd, const char *name, size_t max, struct buf *out,
			struct why *why);

struct file_access {
	mode_t mode;
	uid_t owner; /* FILE_ANYONE: as the system chooses */
	gid_t group; /* FILE_ANYONE likewise */
};

#define FILE_ANYONE ((uid_t)-1)

/* Put `bytes` at `path`, whatever was there. ERR_IO with `why`. */
enum err file_replace(const char *path, struct str bytes,
		      const struct file_access *access, struct why *why);

/* The same, but ERR_EXISTS when there is such a file already. */
enum err file_create(const char *path, struct str bytes, const struct file_access *access,
		     struct why *why);

#endif
