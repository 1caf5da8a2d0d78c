#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LIMIT 4096

/* ---- reading ---- */

#define PIECE 8192

static enum err
read_problem(struct why *why, const char *name)
{
	enum err e = ERR_IO;

	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		e = ERR_NOT_FOUND;
		break;
	case EACCES:
	case EPERM:
	case ELOOP:
	case ENXIO: /* a socket */
		e = ERR_PERMISSION;
		break;
	case ENOMEM:
		e = ERR_MEMORY;
		break;
	}
	return why_set(why, e, "%s: %s", name, strerror(errno));
}

/* Read up to `capacity` bytes into `out`, which must have room for them. */
static enum err
read_piece(int fd, const char *name, size_t capacity, struct buf *out, size_t *got,
	   struct why *why)
{
	size_t at_hand = out->size > out->n ? out->size - out->n - 1 : 0;
	ssize_t n;

	if (capacity > PIECE && capacity > at_hand)
		capacity = at_hand > PIECE ? at_hand : PIECE;
	if (!buf_reserve(out, capacity))
		return why_set(why, ERR_MEMORY, "%s: no memory for it", name);
	do
		n = read(fd, out->p + out->n, capacity);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return read_problem(why, name);
	*got = (size_t)n;
	out->n += *got;
	out->p[out->n] = '\0';
	return ERR_OK;
}

/* Read `max` bytes at most. More than that is an error. */
static enum err
expect_end(int fd, const char *name, size_t max, struct why *why)
{
	char c;
	ssize_t n;

	do
		n = read(fd, &c, 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return read_problem(why, name);
	return n == 0 ? ERR_OK
		      : why_set(why, ERR_LIMIT, "%s: longer than %zu bytes", name, max);
}

static void
take_back(struct buf *out, size_t before)
{
	if (out->n > before)
		explicit_bzero(out->p + before, out->n - before);
	out->n = before;
}

enum err
file_read_rest(int fd, const char *name, size_t max, struct buf *out, struct why *why)
{
	size_t before = out->n, got = 1;
	enum err e = ERR_OK;

	if (max > out->max - before)
		max = out->max - before;
	while (e == ERR_OK && got > 0 && out->n - before < max)
		e = read_piece(fd, name, max - (out->n - before), out, &got, why);
	if (e == ERR_OK && got > 0)
		e = expect_end(fd, name, max, why);
	if (e != ERR_OK)
		take_back(out, before);
	return e;
}

enum err
file_read_at(int directory, const char *name, size_t max, struct buf *out,
	     struct stat *st, struct why *why)
{
	/* These flags prevent waiting for a FIFO and acquiring a terminal. */
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat own;
	enum err e;

	if (fd < 0)
		return read_problem(why, name);
	if (st == NULL)
		st = &own;
	if (fstat(fd, st) != 0)
		e = read_problem(why, name);
	else if (!S_ISREG(st->st_mode))
		e = why_set(why, ERR_PERMISSION, "%s: not a regular file", name);
	else if ((uintmax_t)st->st_size > max)
		e = why_set(why, ERR_LIMIT, "%s: longer than %zu bytes", name, max);
	else
		e = file_read_rest(fd, name, max, out, why);
	close(fd);
	return e;
}

enum err
file_read(const char *path, size_t max, struct buf *out, struct stat *st, struct why *why)
{
	return file_read_at(AT_FDCWD, path, max, out, st, why);
}

/* ---- writing ---- */

/* The part of the path up to the last slash, with the slash; empty if there is none. */
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

/* Change the owner before the mode, because chown clears mode bits. */
static bool
fill(int fd, struct str bytes, const struct file_access *access)
{
	bool chosen = access->owner != FILE_ANYONE || access->group != FILE_ANYONE;

	return (!chosen || fchown(fd, access->owner, access->group) == 0) &&
	       fchmod(fd, access->mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
}

/* The directory is synced, so that the new name survives a power cut. */
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

/* link fails if the name is taken; rename replaces the old file. */
static bool
finish(const char *from, const char *path, bool replace)
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
	good = close(fd) == 0 && good && finish(temporary, path, replace);
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
