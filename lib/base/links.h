/*
 * Symbolic links on the way to a file.
 */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>

/*
 * True when no symbolic link is on the way to `path` or at its end, so that it is
 * where its name says. False when one is, when there is no such file, and when it
 * cannot be told (Linux before 5.6). Two system calls at most, however deep it is.
 */
bool links_none(const char *path);

#endif
