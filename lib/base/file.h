/*
 * Writing a file so that whoever reads it finds the old one or the new one,
 * never half of one, and after a power cut too: the bytes go to a file beside
 * it whose name starts with a dot, are synced, and take the name in one step.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

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
