/*
 * A file that is mapped into memory, to be read here and there. The mapping stays what
 * it is if the file is replaced by rename or removed.
 *
 * If somebody shortens the file in place, or if the disk cannot be read, the kernel
 * sends SIGBUS to whoever touches a page that is gone. The first file that is opened
 * installs a handler that puts a page of zeros there, so that the reader finds zeros
 * and goes on. Therefore only what has a check of its own may be read in this way. A
 * SIGBUS that concerns no file of this module is left to the action that was set
 * before. A program that sets its own handler for SIGBUS afterwards gets all of them.
 */
#ifndef MAPPED_FILE_H
#define MAPPED_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

#define MAPPED_FILES_MAX 64 /* that are open at a time */

struct mapped_file {
	const char *p; /* NULL: not open, or an empty file */
	size_t n;
	struct stat st; /* of the file, when it was opened */
	int fd;         /* -1: not open */
};

void mapped_file_init(struct mapped_file *m);

/*
 * Map `path`, a regular file of `max` bytes at most. A symbolic link is followed.
 * Errors as of file_read (base/file.h). `m` must not be open.
 */
enum err mapped_file_open(struct mapped_file *m, const char *path, size_t max,
			  struct why *why);
void mapped_file_close(struct mapped_file *m);

struct str mapped_file_bytes(const struct mapped_file *m);

/*
 * True if the open file is as it was: not replaced, renamed, removed or written to.
 * One fstat(2), which costs less than half of a stat(2) by path.
 */
bool mapped_file_is_same(const struct mapped_file *m);

/* True if `path` still names the open file. */
bool mapped_file_is_at(const struct mapped_file *m, const char *path);

#endif
