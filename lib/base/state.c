#include "base/state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REMEDY                                                                           \
	"it must be a directory of the programs' user with mode 0700, or, where they "   \
	"run as several users, of their group with mode 2770"

static enum err
failure(const char *path, int problem, struct why *why)
{
	enum err e = problem == ENOENT || problem == ENOTDIR ? ERR_NOT_FOUND
		     : problem == EACCES || problem == ELOOP ? ERR_PERMISSION
							     : ERR_IO;

	return why_set(why, e, "state_dir: %s: %s; " REMEDY, path, strerror(problem));
}

/* The mode gives no bit to others, and gives the group all bits or none. */
static enum err
judge_directory(struct state *s, const struct stat *st, struct why *why)
{
	mode_t mode = st->st_mode & 07777;

	s->shared = (mode & 02070) == 02070;
	if ((mode & 0007) != 0 || (!s->shared && (mode & 0070) != 0))
		return why_set(
			why, ERR_PERMISSION,
			"state_dir: %s has mode %04o, which lets others in; " REMEDY,
			s->path, (unsigned)mode);
	if (!s->shared && st->st_uid != geteuid() && st->st_uid != 0 && geteuid() != 0)
		return why_set(why, ERR_PERMISSION,
			       "state_dir: %s belongs to another user; " REMEDY, s->path);
	s->owner = st->st_uid;
	s->group = st->st_gid;
	return ERR_OK;
}

enum err
state_open(const char *path, bool make, struct state *s, struct why *why)
{
	const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct stat st;
	enum err e;

	*s = (struct state){ .path = path, .fd = -1 };
	if (path == NULL)
		return why_set(why, ERR_NOT_FOUND, "state_dir is not set; " REMEDY);
	s->fd = open(path, how);
	if (s->fd < 0 && errno == ENOENT && make && geteuid() != 0 &&
	    (mkdir(path, 0700) == 0 || errno == EEXIST))
		s->fd = open(path, how);
	if (s->fd < 0 || fstat(s->fd, &st) != 0)
		return failure(path, errno, why);
	if ((e = judge_directory(s, &st, why)) != ERR_OK)
		state_close(s);
	return e;
}

void
state_close(struct state *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* The umask may have removed bits, and root may have made the directory. */
static bool
give(const struct state *s, int fd)
{
	return fchmod(fd, s->shared ? 0660 : 0600) == 0 &&
	       (geteuid() != 0 || fchown(fd, s->owner, s->group) == 0);
}

static enum err
judge_file(const struct state *s, const char *name, int fd, struct why *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return failure(s->path, errno, why);
	if (S_ISREG(st.st_mode) && st.st_nlink == 1 &&
	    (st.st_mode & (s->shared ? 0007 : 0077)) == 0)
		return ERR_OK;
	return why_set(why, ERR_PERMISSION,
		       "state_dir: %s/%s is no file of ours alone; remove it", s->path,
		       name);
}

enum err
state_file(const struct state *s, const char *name, int *fd, struct why *why)
{
	const int how = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	bool made = false;
	enum err e;

	*fd = openat(s->fd, name, how);
	if (*fd < 0 && errno == ENOENT) {
		*fd = openat(s->fd, name, how | O_CREAT | O_EXCL, 0600);
		made = *fd >= 0;
		if (!made && errno == EEXIST) /* another process was faster */
			*fd = openat(s->fd, name, how);
	}
	if (*fd < 0 || (made && !give(s, *fd)))
		e = why_set(
			why, errno == EACCES || errno == ELOOP ? ERR_PERMISSION : ERR_IO,
			"state_dir: %s/%s: %s; " REMEDY, s->path, name, strerror(errno));
	else
		e = judge_file(s, name, *fd, why);
	if (e != ERR_OK && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return e;
}
