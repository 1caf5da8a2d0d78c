/*
 * The directory of the small files that the processes of one site on one host
 * have in common (the setting state_dir). What stands or is locked there is
 * relied upon, so that nobody else may be let in: its mode is 0700, or 2770 with
 * a group whose members are all trusted, where the programs run as several users.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct state {
	const char *path; /* borrowed */
	int fd;           /* -1: not open */
	bool shared;      /* among the members of its group */
	uid_t owner;
	gid_t group;
};

/*
 * Open the directory `path` (NULL: it is not set). Where it is missing and `make`
 * is true, it is made for our user alone, unless we are root: for root cannot know
 * for whom. ERR_NOT_FOUND when it is not there; ERR_PERMISSION for a mode or an owner that lets others in, for a
 * symbolic link, and where we may not enter; `why` says what to do. state_close
 * after any return.
 */
enum err state_open(const char *path, bool make, struct state *s, struct why *why);
void state_close(struct state *s);

/*
 * Open the file `name` in it to read and write, made where it is missing: empty,
 * for the users whom the directory is for, and of the directory's owner when we
 * are root. ERR_PERMISSION for what others can open or is no regular file. The
 * caller closes `*fd`, which is -1 on an error.
 */
enum err state_file(const struct state *s, const char *name, int *fd, struct why *why);

#endif
