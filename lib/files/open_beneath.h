/*
 * Opens files below a directory, and nothing else.
 *
 * The path is followed component by component from the open directory, never through a
 * symbolic link. So neither a link nor a rename during the walk leads out of the
 * directory. It needs no system call that old kernels lack.
 */
#ifndef OPEN_BENEATH_H
#define OPEN_BENEATH_H

#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

/* The directory itself, following links: the operator named it. */
enum err open_beneath_root(const char *directory, int *fd, struct why *why);

/*
 * Open `path` ("/a/b", "/a/b/", "/") below `root` for reading. ERR_NOT_FOUND if it
 * does not exist, is or passes through a symbolic link, has an empty segment, `.` or
 * `..` or a name that starts with a dot, or is neither a regular file nor a directory;
 * also for a file whose path ends in a slash. ERR_PERMISSION if the system says so.
 * ERR_IO for everything else. The caller closes `fd`.
 */
enum err open_beneath(int root, struct str path, int *fd, struct stat *st);

#endif
