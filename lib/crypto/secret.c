#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 16 /* bytes, for which OpenSSL compares words where it can */

bool
secret_equal(struct str a, struct str b)
{
	size_t i = 0;
	int differ = 0;

	if (a.n != b.n)
		return false;
	for (; a.n - i >= PIECE; i += PIECE)
		differ |= CRYPTO_memcmp(a.p + i, b.p + i, PIECE);
	if (i < a.n)
		differ |= CRYPTO_memcmp(a.p + i, b.p + i, a.n - i);
	return differ == 0;
}

void
secret_wipe(void *p, size_t n)
{
	if (n > 0)
		OPENSSL_cleanse(p, n);
}

bool
secret_mode_is_open(mode_t mode)
{
	return (mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0;
}

static enum err
read_all(int fd, const char *path, size_t max, struct buf *out, struct why *why)
{
	char chunk[4096];
	enum err e = ERR_OK;
	size_t room = max;
	ssize_t n;

	while (e == ERR_OK && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			e = why_set(why, ERR_IO, "%s: %s", path, strerror(errno));
		else if ((size_t)n > room)
			e = why_set(why, ERR_LIMIT, "%s: longer than %zu bytes", path,
				    max);
		else if (!buf_add(out, (struct str){ chunk, (size_t)n }))
			e = why_set(why, ERR_MEMORY, "%s: no room for it", path);
		else
			room -= (size_t)n;
	}
	secret_wipe(chunk, sizeof(chunk));
	return e;
}

static enum err
open_regular(const char *path, int *fd, mode_t *mode, struct why *why)
{
	struct stat st;

	/* Not to hang on a FIFO, nor to adopt a terminal. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return why_set(why,
			       errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
			       : errno == EACCES                   ? ERR_PERMISSION
								   : ERR_IO,
			       "%s: %s", path, strerror(errno));
	if (fstat(*fd, &st) != 0)
		return why_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return why_set(why, ERR_PERMISSION, "%s: not a regular file", path);
	*mode = st.st_mode;
	return ERR_OK;
}

enum err
secret_read_any(const char *path, size_t max, struct buf *out, mode_t *mode,
		struct why *why)
{
	size_t before = out->n;
	int fd = -1;
	enum err e = open_regular(path, &fd, mode, why);

	if (e == ERR_OK)
		e = read_all(fd, path, max, out, why);
	if (e != ERR_OK && out->n > before) {
		secret_wipe(out->p + before, out->n - before);
		out->n = before;
	}
	if (fd >= 0)
		close(fd);
	return e;
}

enum err
secret_read_file(const char *path, size_t max, struct buf *out, struct why *why)
{
	size_t before = out->n;
	mode_t mode = 0;
	enum err e = secret_read_any(path, max, out, &mode, why);

	if (e != ERR_OK)
		return e;
	if (!secret_mode_is_open(mode))
		return ERR_OK;
	secret_wipe(out->p + before, out->n - before);
	out->n = before;
	return why_set(why, ERR_PERMISSION,
		       "%s: others can read or write it (mode %04o); chmod 0640 or 0600",
		       path, (unsigned)(mode & 07777));
}
