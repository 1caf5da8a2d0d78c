#include "auth/revocations_publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "auth/revocations.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/sessions.h"

#define LOCK_STEP_NS 5000000

/* A lock file of its own would have an owner, and writers are several users. */
static int
open_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory =
		slash == NULL ? strdup(".")
			      : str_dup((struct str){ path, (size_t)(slash - path) + 1 });
	int fd;

	if (directory == NULL)
		return -1;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	return fd;
}

static enum err
lock(int fd, const char *path, struct why *why)
{
	const struct timespec step = { 0, LOCK_STEP_NS };
	int64_t deadline = clock_monotonic_ms() + REVOCATIONS_LOCK_MS;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return why_set(why, ERR_IO, "%s: cannot lock its directory: %s",
				       path, strerror(errno));
		if (clock_monotonic_ms() >= deadline)
			return why_set(why, ERR_BUSY, "%s: its directory stays locked",
				       path);
		nanosleep(&step, NULL);
	}
	return ERR_OK;
}

static enum err
write_file(const char *path, const struct db_rows *rows, struct why *why)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };
	size_t n = db_count(rows);
	struct buf out;
	int64_t now;
	enum err e;

	buf_init(&out, REVOCATIONS_BYTES);
	if ((e = clock_now(&now)) != ERR_OK)
		goto out;
	revocations_write_head(&out, n, now);
	for (size_t i = 0; i < n; i++)
		revocations_write(&out, db_str(rows, i, 0), db_int(rows, i, 1));
	e = out.failed ? why_set(why, ERR_LIMIT, "%s would be too large", path)
		       : file_replace(path, buf_str(&out), &access, why);
out:
	buf_done(&out);
	return e;
}

enum err
revocations_publish(struct db *db, const char *path, struct why *why)
{
	struct db_rows *rows = NULL;
	int fd = open_directory(path);
	enum err e;

	if (fd < 0)
		return why_set(why, ERR_IO, "%s: cannot open its directory: %s", path,
			       strerror(errno));
	if ((e = lock(fd, path, why)) == ERR_OK &&
	    (e = sessions_revoked(db, &rows, why)) == ERR_OK)
		e = write_file(path, rows, why);
	db_rows_free(rows);
	close(fd); /* unlocks */
	return e;
}
