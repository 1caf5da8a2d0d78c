#include "people/revocations_publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/sessions.h"
#include "token/revocations.h"
#include "token/revocations_merge.h"

#define LOCK_STEP_NS 5000000

/* A separate lock file would have an owner, but the writers are several users. */
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

/* What the database said, as a list. The sids stay the rows'. */
static void
list_of_rows(const struct db_rows *rows, struct revocation_list *l)
{
	for (size_t i = 0; i < db_count(rows); i++)
		l->items[l->n++] =
			(struct revocation){ db_str(rows, i, 0), db_int(rows, i, 1) };
}

static void
list_of_file(const struct revocations *r, struct revocation_list *l)
{
	l->floor = r->floor;
	for (size_t i = 0; i < r->n; i++)
		if (!str_is(revocations_sid(r, i), REVOCATIONS_FLOOR_SID))
			l->items[l->n++] = (struct revocation){ revocations_sid(r, i),
								revocations_until(r, i) };
}

static bool
list_init(struct revocation_list *l, size_t n)
{
	*l = (struct revocation_list){ .items = malloc((n + 1) * sizeof(*l->items)) };
	return l->items != NULL;
}

static void
write_list(const struct revocation_list *l, int64_t now, struct buf *out)
{
	revocations_write_head(out, l->n + (l->floor > 0), now);
	if (l->floor > 0)
		revocations_write(out, str_of(REVOCATIONS_FLOOR_SID), l->floor);
	for (size_t i = 0; i < l->n; i++)
		revocations_write(out, l->items[i].sid, l->items[i].until);
}

/* The head says when it was written; the rest is the list. */
static bool
is_same_list(struct str a, struct str b)
{
	return a.n == b.n && a.n >= REVOCATIONS_RECORD &&
	       memcmp(a.p + REVOCATIONS_RECORD, b.p + REVOCATIONS_RECORD,
		      a.n - REVOCATIONS_RECORD) == 0;
}

static enum err
replace(const char *path, const struct revocations *old,
	const struct revocation_list *list, int64_t now, bool always, struct why *why)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };
	struct buf out;
	enum err e = ERR_OK;

	buf_init(&out, REVOCATIONS_BYTES);
	write_list(list, now, &out);
	if (out.failed)
		e = why_set(why, ERR_MEMORY, "%s: no memory to write it", path);
	else if (always || !is_same_list(buf_str(&old->bytes), buf_str(&out)))
		e = file_replace(path, buf_str(&out), &access, why);
	buf_done(&out);
	return e;
}

/*
 * Read the present file. A bad file counts as empty. A file that cannot be read at the
 * moment may hold what the database has forgotten, so this is an error.
 */
static enum err
load_old(struct revocations *old, struct why *why)
{
	enum err e = revocations_load(old, why);

	return e == ERR_MEMORY || e == ERR_IO ? e : ERR_OK;
}

static enum err
merge(const struct revocations *old, const struct db_rows *rows, int64_t now,
      struct revocation_list *out)
{
	struct revocation_list file = { 0 }, database = { 0 };
	enum err e = ERR_MEMORY;

	if (list_init(&file, old->n) && list_init(&database, db_count(rows)) &&
	    list_init(out, old->n + db_count(rows))) {
		list_of_file(old, &file);
		list_of_rows(rows, &database);
		e = revocations_merge(&file, &database, now, REVOCATIONS_MAX, out);
	}
	free(file.items);
	free(database.items);
	return e;
}

/* Under the lock: compare with the present file, and replace it. */
static enum err
compare_and_replace(const char *path, const struct db_rows *rows, bool always,
		    struct why *why)
{
	struct revocation_list list = { 0 };
	struct revocations old;
	int64_t now;
	enum err e;

	revocations_init(&old, path, 0);
	if ((e = load_old(&old, why)) != ERR_OK)
		goto out;
	if ((e = clock_now(&now)) == ERR_OK)
		e = merge(&old, rows, now, &list);
	if (e != ERR_OK)
		why_set(why, e, "%s: %s", path,
			e == ERR_LIMIT ? "it would be too large" : err_text(e));
	else
		e = replace(path, &old, &list, now, always, why);
out:
	free(list.items);
	revocations_done(&old);
	return e;
}

static enum err
write_file(const char *path, const struct db_rows *rows, bool always, struct why *why)
{
	int fd = open_directory(path);
	enum err e;

	if (fd < 0)
		return why_set(why, ERR_IO, "%s: cannot open its directory: %s", path,
			       strerror(errno));
	if ((e = lock(fd, path, why)) == ERR_OK)
		e = compare_and_replace(path, rows, always, why);
	close(fd); /* unlocks */
	return e;
}

static enum err
ask_and_write(struct db *db, const char *path, bool always, struct why *why)
{
	struct db_rows *rows = NULL;
	enum err e = sessions_revoked(db, &rows, why);

	if (e == ERR_OK)
		e = write_file(path, rows, always, why);
	db_rows_free(rows);
	return e;
}

enum err
revocations_publish(struct db *db, const char *path, struct why *why)
{
	return ask_and_write(db, path, false, why);
}

enum err
revocations_renew(struct db *db, const char *path, struct why *why)
{
	return ask_and_write(db, path, true, why);
}

bool
revocations_hold(const char *path, struct str sids)
{
	struct revocations r;
	bool good;

	revocations_init(&r, path, 0);
	good = revocations_load(&r, NULL) == ERR_OK;
	while (good && sids.n > 0)
		good = revocations_lists(&r, str_cut(&sids, ' '));
	revocations_done(&r);
	return good;
}
