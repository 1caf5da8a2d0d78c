#include "gate/symlinks.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool
symlinks_none(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_NO_SYMLINKS };
	/* not O_NOFOLLOW: with O_PATH it would open the link itself */
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

static bool
says_missing(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

/* True if it does not exist at all, and is no link that leads nowhere. Keeps errno. */
static bool
is_missing(const char *path)
{
	struct stat st;
	int error = errno;
	bool missing =
		says_missing(error) && lstat(path, &st) != 0 && says_missing(errno);

	errno = error;
	return missing;
}

/* Remove the last segment. False if there is only one. */
static bool
cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || strcmp(path, "/") == 0)
		return false;
	slash[slash == path ? 1 : 0] = '\0';
	return true;
}

/* A segment that leads upwards. */
static bool
leads_up(const char *rest)
{
	for (const char *at = rest; (at = strstr(at, "/..")) != NULL; at += 3)
		if (at[3] == '\0' || at[3] == '/')
			return true;
	return false;
}

bool
symlinks_resolve(const char *path, bool must_exist, struct buf *real)
{
	char *there = strdup(path), *found = NULL;
	const char *rest;
	bool ok = false;

	if (there == NULL)
		return false;
	while ((found = realpath(there, NULL)) == NULL && !must_exist &&
	       is_missing(there) && cut_last(there))
		;
	rest = strcmp(there, "/") == 0 ? path : path + strlen(there);
	if (found != NULL && leads_up(rest))
		errno = ENOENT;
	else if (found != NULL)
		ok = buf_addz(real, strcmp(found, "/") == 0 ? "" : found) &&
		     buf_addz(real, found[1] == '\0' && *rest == '\0' ? "/" : rest);
	free(found);
	free(there);
	return ok;
}
