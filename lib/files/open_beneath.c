#include "files/open_beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum err
open_beneath_root(const char *directory, int *fd, struct why *why)
{
	*fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
			       "%s: cannot open the directory: %s", directory,
			       strerror(errno));
	return ERR_OK;
}

static enum err
of_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENXIO: /* a socket */
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_PERMISSION;
	case ENOMEM:
		return ERR_MEMORY;
	default:
		return ERR_IO;
	}
}

/* Open one component. It replaces `*at`, which is closed unless it is the root. */
static enum err
step(int root, int *at, struct str name, int flags)
{
	char z[NAME_MAX + 1];
	int next;

	if (name.n == 0 || name.n > NAME_MAX || name.p[0] == '.' ||
	    memchr(name.p, '\0', name.n) != NULL)
		return ERR_NOT_FOUND;
	memcpy(z, name.p, name.n);
	z[name.n] = '\0';
	next = openat(*at, z, flags | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return of_errno();
	if (*at != root)
		close(*at);
	*at = next;
	return ERR_OK;
}

/* O_NONBLOCK: a FIFO must not make us wait for its writer. */
static enum err
check(int at, bool directory, struct stat *st)
{
	if (fstat(at, st) != 0)
		return ERR_IO;
	if (S_ISDIR(st->st_mode) || (S_ISREG(st->st_mode) && !directory))
		return ERR_OK;
	return ERR_NOT_FOUND;
}

enum err
open_beneath(int root, struct str path, int *fd, struct stat *st)
{
	struct str rest = str_sub(path, 1, path.n);
	bool directory = str_ends_with(path, STR("/"));
	enum err e = ERR_OK;
	int at = root;

	*fd = -1;
	if (path.n == 0 || path.p[0] != '/')
		return ERR_NOT_FOUND;
	if (directory && rest.n > 0)
		rest.n--;
	while (e == ERR_OK && str_index(rest, '/') < rest.n)
		e = step(root, &at, str_cut(&rest, '/'), O_PATH | O_DIRECTORY);
	if (e == ERR_OK && rest.n > 0)
		e = step(root, &at, rest, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	else if (e == ERR_OK && at == root && (at = dup(root)) < 0)
		e = of_errno();
	if (e == ERR_OK)
		e = check(at, directory, st);
	if (e == ERR_OK)
		*fd = at;
	else if (at >= 0 && at != root)
		close(at);
	return e;
}
