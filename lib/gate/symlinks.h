/*
 * Symbolic links on the way to a file.
 */
#ifndef SYMLINKS_H
#define SYMLINKS_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * True when no symbolic link is on the way to `path` or at its end, so that it is
 * where its name says. False when one is, when there is no such file, and when it
 * cannot be told (Linux before 5.6). Two system calls at most, however deep it is.
 */
bool symlinks_none(const char *path);

/*
 * Append where `path` leads once every symbolic link is followed. Unless it
 * `must_exist`, the end of it that does not exist is appended as it is written,
 * without `..`. False when it cannot be told (errno): a directory that may not
 * be searched, a link that leads nowhere or in a circle, no memory.
 */
bool symlinks_resolve(const char *path, bool must_exist, struct buf *real);

#endif
