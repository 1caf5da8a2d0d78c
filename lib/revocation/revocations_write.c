#include "revocation/revocations_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/random.h"
#include "revocation/revocations.h"

#define LOCK_STEP_NS 5000000

/* The first file is written, too, if it knows the database's time only up to this. */
#define LISTED_STEP 3600

/* The second file is written, too, if more than 1 in EXPIRED_SHARE has expired. */
#define EXPIRED_SHARE 4

/* ---- the lock ---- */

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

/* ---- the present files ---- */

/* Read as a whole: a map would not tell a file that cannot be read from a bad one. */
struct present {
	struct buf bytes;
	struct revocations_view view;
	bool good; /* it was read, and every record is whole */
};

struct work {
	const char *path;
	char later_path[REVOCATIONS_PATH_MAX];
	int64_t now;
	struct present soon, later;
	bool is_pair;             /* both are good and belong together */
	struct revocation *items; /* what all lists are made of */
	struct revocation_lists files, next;
	struct revocation_list database;
	struct revocations_head head_soon, head_later; /* of the next files */
};

static enum err
read_present(struct present *p, const char *path, bool later, struct why *why)
{
	struct stat st;
	enum err e = file_read(path, REVOCATIONS_BYTES, &p->bytes, &st, why);

	if (e == ERR_MEMORY || e == ERR_IO)
		return e;
	p->good = e == ERR_OK && !(st.st_mode & S_IWOTH) &&
		  revocations_view_open(&p->view, buf_str(&p->bytes), path, NULL) ==
			  ERR_OK &&
		  p->view.head.later == later &&
		  revocations_view_check(&p->view, path, NULL) == ERR_OK;
	if (!p->good)
		p->view = (struct revocations_view){ .checked = false };
	return ERR_OK;
}

/* Does anything in the news belong into the second file? */
static bool
is_for_later(const struct revocations_news *news, int64_t now)
{
	for (size_t i = 0; i < news->list.n; i++)
		if (news->list.items[i].until > now + REVOCATIONS_SOON)
			return true;
	return false;
}

/*
 * After a logout the second file stays as it is: its head is enough, and its records
 * are not read. False if they have to be.
 */
static bool
read_later_head(struct work *w, const struct revocations_news *news)
{
	struct revocations r;
	bool enough = false;

	if (news->since == 0 || is_for_later(news, w->now))
		return false;
	revocations_init(&r, w->path, 0);
	if (revocations_load(&r, NULL) == ERR_OK && r.soon.view.checked) {
		w->later.view = (struct revocations_view){ .head = r.later.view.head,
							   .checked = true };
		w->later.view.head.n = 0;
		w->later.good = enough = true;
	}
	revocations_done(&r);
	return enough;
}

static enum err
read_files(struct work *w, const struct revocations_news *news, struct why *why)
{
	enum err e = read_present(&w->soon, w->path, false, why);

	if (e == ERR_OK && !read_later_head(w, news))
		e = read_present(&w->later, w->later_path, true, why);
	w->is_pair = w->soon.good && w->later.good && w->soon.view.checked &&
		     w->soon.view.head.pair == w->later.view.head.pair &&
		     w->soon.view.head.serial <= w->later.view.head.serial;
	return e;
}

/* ---- lists ---- */

static void
take(const struct revocations_view *v, struct revocation_list *l, int64_t *floor)
{
	for (size_t i = 0; i < v->head.n; i++) {
		struct str sid = revocations_view_sid(v, i);
		int64_t until = revocations_view_until(v, i);

		if (str_is(sid, REVOCATIONS_FLOOR_SID))
			*floor = until;
		else
			l->items[l->n++] = (struct revocation){ sid, until };
	}
}

static struct revocation_list
cut(struct revocation **at, size_t n)
{
	struct revocation_list l = { .items = *at };

	*at += n;
	return l;
}

/*
 * A file of version 1 is treated as if the database had listed it, which sorts it into
 * the two files.
 */
static enum err
make_lists(struct work *w, struct revocations_news *news)
{
	size_t soon = w->soon.view.head.n, later = w->later.view.head.n;
	size_t told = soon + news->list.n;
	struct revocation_list version_1;
	struct revocation *at;

	w->items =
		malloc((5 * soon + 2 * later + 3 * news->list.n + 1) * sizeof(*w->items));
	if ((at = w->items) == NULL)
		return ERR_MEMORY;
	w->files.soon = cut(&at, soon);
	version_1 = cut(&at, 0);
	w->files.later = cut(&at, later);
	w->database = cut(&at, told);
	w->next.soon = cut(&at, soon + told);
	w->next.later = cut(&at, later + told);
	take(&w->soon.view, &w->files.soon, &w->files.floor);
	take(&w->later.view, &w->files.later, &w->files.floor);
	if (!w->soon.view.checked) {
		version_1 = w->files.soon;
		w->files.soon.n = 0;
	}
	revocations_sort(&news->list);
	revocations_unite(&version_1, &news->list, &w->database);
	return revocations_merge(&w->files, &w->database, w->now, REVOCATIONS_MAX,
				 &w->next);
}

static bool
is_same_list(const struct revocation_list *a, const struct revocation_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->items[i].until != b->items[i].until ||
		    !str_eq(a->items[i].sid, b->items[i].sid))
			return false;
	return true;
}

/* Is there anything in `next` that is not in `present`? Both are sorted. */
static bool
has_more(const struct revocation_list *next, const struct revocation_list *present)
{
	size_t j = 0;

	for (size_t i = 0; i < next->n; i++, j++) {
		while (j < present->n &&
		       !str_eq(present->items[j].sid, next->items[i].sid))
			j++;
		if (j == present->n || present->items[j].until < next->items[i].until)
			return true;
	}
	return false;
}

/* ---- what to write ---- */

static bool
is_later_due(const struct work *w)
{
	size_t had = w->files.later.n, expired = had - w->next.later.n;

	return !w->later.good || w->head_later.pair != w->later.view.head.pair ||
	       w->head_later.serial < w->head_soon.serial ||
	       has_more(&w->next.later, &w->files.later) || expired * EXPIRED_SHARE > had;
}

static bool
is_soon_due(const struct work *w, bool renew)
{
	const struct revocations_head *old = &w->soon.view.head;

	return renew || !w->soon.good || !w->soon.view.checked ||
	       w->head_soon.pair != old->pair || w->next.floor != w->files.floor ||
	       w->head_soon.listed - old->listed >= LISTED_STEP ||
	       !is_same_list(&w->next.soon, &w->files.soon);
}

/* The number of a pair stays as long as one of its files is left. */
static enum err
choose_pair(struct work *w, uint64_t *pair)
{
	bool soon = w->soon.good && w->soon.view.checked, later = w->later.good;

	if (soon && (!later || w->later.view.head.pair == w->soon.view.head.pair))
		*pair = w->soon.view.head.pair;
	else if (later && !soon)
		*pair = w->later.view.head.pair;
	else
		return random_bytes(pair, sizeof(*pair));
	return ERR_OK;
}

static enum err
make_heads(struct work *w, const struct revocations_news *news)
{
	int64_t listed = w->is_pair ? w->soon.view.head.listed : 0;
	uint64_t pair = 0;
	enum err e = choose_pair(w, &pair);

	if (news->listed > listed)
		listed = news->listed;
	w->head_later = (struct revocations_head){ .n = w->next.later.n,
						   .written = w->now,
						   .later = true,
						   .pair = pair,
						   .serial = w->later.view.head.serial,
						   .listed = listed };
	w->head_soon =
		(struct revocations_head){ .n = w->next.soon.n + (w->next.floor > 0),
					   .written = w->now,
					   .pair = pair,
					   .serial = w->soon.view.head.serial,
					   .listed = listed };
	return e;
}

static enum err
write_file(const char *path, const struct revocations_head *head,
	   const struct revocation_list *l, int64_t floor, struct why *why)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };
	struct buf out;
	size_t at = 0;
	enum err e;

	buf_init(&out, REVOCATIONS_BYTES);
	buf_reserve(&out, (head->n + REVOCATIONS_HEAD) * REVOCATIONS_LINE);
	revocations_put_head(&out, head);
	if (floor > 0)
		revocations_put(&out, head, at++, str_of(REVOCATIONS_FLOOR_SID), floor);
	for (size_t i = 0; i < l->n; i++)
		revocations_put(&out, head, at++, l->items[i].sid, l->items[i].until);
	e = out.failed ? why_set(why, ERR_MEMORY, "%s: no memory to write it", path)
		       : file_replace(path, buf_str(&out), &access, why);
	buf_done(&out);
	return e;
}

static enum err
write_files(struct work *w, bool renew, struct why *why)
{
	bool later = is_later_due(w);
	enum err e = ERR_OK;

	if (later) {
		if (w->head_later.serial < w->head_soon.serial)
			w->head_later.serial = w->head_soon.serial;
		w->head_later.serial++;
		e = write_file(w->later_path, &w->head_later, &w->next.later, 0, why);
	}
	w->head_soon.serial = w->head_later.serial;
	if (e == ERR_OK && is_soon_due(w, renew))
		e = write_file(w->path, &w->head_soon, &w->next.soon, w->next.floor, why);
	return e;
}

/* ---- under the lock ---- */

static enum err
compare_and_write(struct work *w, struct revocations_news *news, struct why *why)
{
	enum err e = clock_now(&w->now);

	if (e != ERR_OK)
		return why_set(why, e, "%s: %s", w->path, err_text(e));
	if ((e = read_files(w, news, why)) != ERR_OK)
		return e;
	if (news->since > 0 && !w->is_pair)
		return why_set(why, ERR_NOT_FOUND, "%s is no good pair of files any more",
			       w->path);
	if ((e = make_lists(w, news)) == ERR_OK)
		e = make_heads(w, news);
	if (e != ERR_OK)
		return why_set(why, e, "%s: %s", w->path,
			       e == ERR_LIMIT ? "it would be too large" : err_text(e));
	return write_files(w, news->renew, why);
}

static enum err
with_work(const char *path, struct revocations_news *news, struct why *why)
{
	struct work w = { .path = path };
	enum err e;

	if (!revocations_later_path(path, w.later_path))
		return why_set(why, ERR_LIMIT, "%s: the name is too long", path);
	buf_init(&w.soon.bytes, REVOCATIONS_BYTES);
	buf_init(&w.later.bytes, REVOCATIONS_BYTES);
	e = compare_and_write(&w, news, why);
	free(w.items);
	buf_done(&w.soon.bytes);
	buf_done(&w.later.bytes);
	return e;
}

static enum err
locked(const char *path, struct revocations_news *news, bool fresh, struct why *why)
{
	int fd = open_directory(path);
	enum err e;

	if (fd < 0)
		return why_set(why, ERR_IO, "%s: cannot open its directory: %s", path,
			       strerror(errno));
	if ((e = lock(fd, path, why)) == ERR_OK) {
		if (fresh && access(path, F_OK) == 0)
			e = why_set(why, ERR_EXISTS, "%s is there already", path);
		else
			e = with_work(path, news, why);
	}
	close(fd); /* unlocks */
	return e;
}

enum err
revocations_write(const char *path, struct revocations_news *news, struct why *why)
{
	return locked(path, news, false, why);
}

enum err
revocations_write_empty(const char *path, struct why *why)
{
	struct revocations_news nothing = { .since = 0 };

	return locked(path, &nothing, true, why);
}

/* ---- what the present files hold ---- */

int64_t
revocations_listed(const char *path)
{
	struct revocations r;
	int64_t listed = 0;

	revocations_init(&r, path, 0);
	if (revocations_load(&r, NULL) == ERR_OK && r.soon.view.checked)
		listed = r.soon.view.head.listed;
	revocations_done(&r);
	return listed;
}

bool
revocations_hold(const char *path, struct str sids)
{
	struct revocations r;
	bool good;

	revocations_init(&r, path, 0);
	good = revocations_load(&r, NULL) == ERR_OK;
	while (good && sids.n > 0)
		good = revocations_find(&r, str_cut(&sids, ' ')) == REVOCATIONS_PRESENT;
	revocations_done(&r);
	return good;
}
