#include "revocation/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- pages that are gone ---- */

/* The handler is told no context: it finds the mapped files here. */
static struct {
	char *p[MAPPED_FILES_MAX];
	size_t n[MAPPED_FILES_MAX];
	size_t page;             /* bytes */
	struct sigaction before; /* what SIGBUS did */
} mapped;

static bool
put_zeros(uintptr_t at)
{
	void *page;

	for (size_t i = 0; i < MAPPED_FILES_MAX; i++) {
		if (mapped.p[i] == NULL || at - (uintptr_t)mapped.p[i] >= mapped.n[i])
			continue;
		page = mapped.p[i] +
		       (at - (uintptr_t)mapped.p[i]) / mapped.page * mapped.page;
		return mmap(page, mapped.page, PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
	}
	return false;
}

/* After the return the same instruction is tried again. */
static void
on_sigbus(int signal, siginfo_t *info, void *context)
{
	int before = errno;

	(void)context;
	if (info->si_code <= 0) { /* sent by a process */
		sigaction(signal, &mapped.before, NULL);
		raise(signal);
	} else if (!put_zeros((uintptr_t)info->si_addr)) {
		sigaction(signal, &mapped.before, NULL);
	}
	errno = before;
}

static bool
install_handler(void)
{
	struct sigaction now, ours = { .sa_flags = SA_SIGINFO | SA_RESTART };

	ours.sa_sigaction = on_sigbus;
	sigemptyset(&ours.sa_mask);
	mapped.page = (size_t)sysconf(_SC_PAGESIZE);
	if (sigaction(SIGBUS, NULL, &now) != 0)
		return false;
	if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_sigbus)
		return true;
	mapped.before = now;
	return sigaction(SIGBUS, &ours, NULL) == 0;
}

static bool
enter(char *p, size_t n)
{
	for (size_t i = 0; i < MAPPED_FILES_MAX; i++)
		if (mapped.p[i] == NULL) {
			mapped.n[i] = n;
			mapped.p[i] = p;
			return true;
		}
	return false;
}

static void
leave(const char *p)
{
	for (size_t i = 0; i < MAPPED_FILES_MAX; i++)
		if (mapped.p[i] == p)
			mapped.p[i] = NULL;
}

/* ---- open and close ---- */

static enum err
problem(struct why *why, const char *path)
{
	enum err e = ERR_IO;

	if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
		e = ERR_NOT_FOUND;
	else if (errno == EACCES || errno == EPERM || errno == ELOOP || errno == ENXIO)
		e = ERR_PERMISSION;
	else if (errno == ENOMEM)
		e = ERR_MEMORY;
	return why_set(why, e, "%s: %s", path, strerror(errno));
}

void
mapped_file_init(struct mapped_file *m)
{
	*m = (struct mapped_file){ .fd = -1 };
}

static enum err
map(struct mapped_file *m, const char *path, struct why *why)
{
	char *p;

	m->n = (size_t)m->st.st_size;
	if (m->n == 0)
		return ERR_OK; /* nothing can be mapped, and nothing is read */
	if (!install_handler())
		return problem(why, path);
	p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, m->fd, 0);
	if (p == MAP_FAILED)
		return problem(why, path);
	if (!enter(p, m->n)) {
		munmap(p, m->n);
		return why_set(why, ERR_LIMIT, "%s: too many files are mapped", path);
	}
	m->p = p;
	return ERR_OK;
}

enum err
mapped_file_open(struct mapped_file *m, const char *path, size_t max, struct why *why)
{
	enum err e;

	mapped_file_init(m);
	/* These flags prevent waiting for a FIFO and acquiring a terminal. */
	m->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (m->fd < 0)
		return problem(why, path);
	if (fstat(m->fd, &m->st) != 0)
		e = problem(why, path);
	else if (!S_ISREG(m->st.st_mode))
		e = why_set(why, ERR_PERMISSION, "%s: not a regular file", path);
	else if ((uintmax_t)m->st.st_size > max)
		e = why_set(why, ERR_LIMIT, "%s: longer than %zu bytes", path, max);
	else
		e = map(m, path, why);
	if (e != ERR_OK)
		mapped_file_close(m);
	return e;
}

void
mapped_file_close(struct mapped_file *m)
{
	if (m->p != NULL) {
		leave(m->p);
		munmap((void *)(uintptr_t)m->p, m->n);
	}
	if (m->fd >= 0)
		close(m->fd);
	mapped_file_init(m);
}

struct str
mapped_file_bytes(const struct mapped_file *m)
{
	return m->p == NULL ? STR("") : (struct str){ m->p, m->n };
}

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool
mapped_file_is_same(const struct mapped_file *m)
{
	struct stat st;

	return m->fd >= 0 && fstat(m->fd, &st) == 0 && st.st_nlink == m->st.st_nlink &&
	       st.st_size == m->st.st_size && st.st_mode == m->st.st_mode &&
	       is_same_time(&st.st_mtim, &m->st.st_mtim) &&
	       is_same_time(&st.st_ctim, &m->st.st_ctim);
}

bool
mapped_file_is_at(const struct mapped_file *m, const char *path)
{
	struct stat st;

	return m->fd >= 0 && stat(path, &st) == 0 && st.st_dev == m->st.st_dev &&
	       st.st_ino == m->st.st_ino;
}
