/*
 * The directory of the small files that the processes of one site share on one host
 * (the setting state_dir). The processes rely on these files and their locks, so
 * nobody else may have access. The mode must be 0700, or 2770 if the programs run as
 * several users. All members of the directory's group are then trusted.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct state {
	const char *path; /* borrowed */
	int fd;           /* -1: not open */
	bool shared;      /* all members of its group */
	uid_t owner;
	gid_t group;
};

/*
 * Open the directory `path` (NULL: it is not set). If it is missing and `make` is
 * true, it is created for our user alone. Root does not create it, because root cannot
 * know which user it is for. ERR_NOT_FOUND if it does not exist. ERR_PERMISSION if
 * mode or owner let others in, if it is a symbolic link, or if we may not enter it;
 * `why` says what to do. Call state_close after any return.
 */
enum err state_open(const char *path, bool make, struct state *s, struct why *why);
void state_close(struct state *s);

/*
 * Open the file `name` in the directory for reading and writing. A missing file is
 * created: empty, accessible to the users of the directory, and, if we are root, owned
 * by the directory's owner. ERR_PERMISSION if others can open the file or if it is not
 * a regular file. The caller closes `*fd`, which is -1 on an error.
 */
enum err state_file(const struct state *s, const char *name, int *fd, struct why *why);

#endif
