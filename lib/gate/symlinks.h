/*
 * Symbolic links on the way to a file.
 */
#ifndef SYMLINKS_H
#define SYMLINKS_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * True if there is no symbolic link in `path` or at its end, so that the file is where
 * its name says. False if there is one, if there is no such file, and if it cannot be
 * found out (Linux before 5.6). Two system calls at most, however deep it is.
 */
bool symlinks_none(const char *path);

/*
 * Append where `path` leads when every symbolic link is followed. Unless it
 * `must_exist`, the part that does not exist is appended as it is written, without
 * `..`. False if it cannot be found out (errno): a directory that may not be searched,
 * a link that leads nowhere or in a circle, no memory.
 */
bool symlinks_resolve(const char *path, bool must_exist, struct buf *real);

#endif
