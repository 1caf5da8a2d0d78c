#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LIMIT 4096

/* What stands before the last slash, with it; empty for a bare name. */
static struct str
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct str){ path, slash == NULL ? 0 : (size_t)(slash - path) + 1 };
}

static bool
write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

/* The owner first: changing it takes bits away that were set before. */
static bool
fill(int fd, struct str bytes, const struct file_access *access)
{
	bool chosen = access->owner != FILE_ANYONE || access->group != FILE_ANYONE;

	return (!chosen || fchown(fd, access->owner, access->group) == 0) &&
	       fchmod(fd, access->mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
}

/* So that the name itself survives a power cut. */
static void
sync_directory(struct str directory)
{
	char *path = directory.n == 0 ? strdup(".") : str_dup(directory);
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(path);
}

/* link refuses a name that is taken, rename takes it over. */
static bool
settle(const char *from, const char *path, bool replace)
{
	if (replace)
		return rename(from, path) == 0;
	if (link(from, path) != 0)
		return false;
	unlink(from);
	return true;
}

static enum err
put(const char *path, struct str bytes, const struct file_access *access, bool replace,
    struct why *why)
{
	struct str directory = directory_of(path);
	char temporary[PATH_LIMIT];
	int n = snprintf(temporary, sizeof(temporary), "%.*s.%s.XXXXXX",
			 STR_ARG(directory), path + directory.n);
	int fd = -1;
	bool good;
	int problem;

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return why_set(why, ERR_LIMIT, "%s: the name is too long", path);
	if ((fd = mkostemp(temporary, O_CLOEXEC)) < 0)
		return why_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	good = fill(fd, bytes, access);
	good = close(fd) == 0 && good && settle(temporary, path, replace);
	problem = errno;
	if (good) {
		sync_directory(directory);
		return ERR_OK;
	}
	unlink(temporary);
	return why_set(why, problem == EEXIST ? ERR_EXISTS : ERR_IO, "%s: %s", path,
		       strerror(problem));
}

enum err
file_replace(const char *path, struct str bytes, const struct file_access *access,
	     struct why *why)
{
	return put(path, bytes, access, true, why);
}

enum err
file_create(const char *path, struct str bytes, const struct file_access *access,
	    struct why *why)
{
	return put(path, bytes, access, false, why);
}
