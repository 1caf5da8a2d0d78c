#include "base/watch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

#define STAMPS_MAX (1024 * 1024)

/* File times advance in ticks of 10 ms, or of 2 s on coarse file systems. */
#define TICK_MS 50
#define COARSE_TICK_MS 2000

/* A refused file is tried again after this time, not at every request. */
#define REFUSED_EVERY_MS 100
#define SAY_EVERY_MS 60000

struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	mode_t mode;
	uid_t owner;
	gid_t group;
	struct timespec modified, changed;
};

void
watch_init(struct watch *w, const struct watch_kind *kind, const char *path)
{
	*w = (struct watch){ .kind = kind, .path = path, .error = ERR_NOT_FOUND };
	buf_init(&w->seen, STAMPS_MAX);
	buf_init(&w->judged, STAMPS_MAX);
}

void
watch_done(struct watch *w)
{
	buf_done(&w->seen);
	buf_done(&w->judged);
	w->good = w->is_judged = false;
	w->error = ERR_NOT_FOUND;
}

/* ---- what it looks like from outside ---- */

static bool
is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

void
watch_stamp(struct watch *w, const char *file)
{
	struct stamp s;
	struct stat st;

	memset(&s, 0, sizeof(s)); /* memcmp also compares the padding between the
				   * members */
	if (stat(file, &st) == 0) {
		s.device = st.st_dev;
		s.inode = st.st_ino;
		s.size = st.st_size;
		s.mode = st.st_mode;
		s.owner = st.st_uid;
		s.group = st.st_gid;
		s.modified.tv_sec = st.st_mtim.tv_sec;
		s.modified.tv_nsec = st.st_mtim.tv_nsec;
		s.changed.tv_sec = st.st_ctim.tv_sec;
		s.changed.tv_nsec = st.st_ctim.tv_nsec;
	}
	if (is_later(&s.changed, &w->at))
		w->at = s.changed;
	buf_add(&w->seen, (struct str){ (const char *)&s, sizeof(s) });
	if (w->kind->stamp != NULL) /* for one of several files: by name */
		buf_add(&w->seen, (struct str){ file, strlen(file) + 1 });
}

static void
take_stamps(struct watch *w)
{
	w->seen.n = 0;
	w->seen.failed = false;
	w->at = (struct timespec){ 0 };
	if (w->kind->stamp != NULL)
		w->kind->stamp(w);
	else
		watch_stamp(w, w->path);
}

int64_t
watch_changed_at(const struct watch_kind *kind, const char *path)
{
	int64_t at;
	struct watch w;

	watch_init(&w, kind, path);
	take_stamps(&w);
	at = w.at.tv_sec;
	watch_done(&w);
	return at;
}

/* Time since the newest change, by the clock that dates files (it may be set). */
static int64_t
age_ms(const struct watch *w)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)(now.tv_sec - w->at.tv_sec) * 1000 +
	       (now.tv_nsec - w->at.tv_nsec) / 1000000;
}

static int64_t
tick_ms(const struct watch *w)
{
	return w->at.tv_nsec == 0 ? COARSE_TICK_MS : TICK_MS;
}

/* Somebody may still be writing it. A change of mode or owner does not count. */
static bool
is_settling(const struct watch *w)
{
	struct stamp was, is;
	int64_t age;

	if (w->kind->settle_ms == 0 || !w->good || w->judged.n < sizeof(was) ||
	    w->seen.n < sizeof(is))
		return false;
	memcpy(&was, w->judged.p, sizeof(was));
	memcpy(&is, w->seen.p, sizeof(is));
	if (was.mode != is.mode || was.owner != is.owner || was.group != is.group)
		return false;
	age = age_ms(w);
	return age >= 0 && age < w->kind->settle_ms;
}

static bool
must_load(struct watch *w)
{
	bool same = w->is_judged && !w->seen.failed && w->seen.n == w->judged.n &&
		    memcmp(w->seen.p, w->judged.p, w->seen.n) == 0;
	struct buf other;

	if (same) {
		bool again = w->fresh;

		if (again)
			w->fresh = clock_monotonic_ms() - w->judged_ms < tick_ms(w);
		return again;
	}
	if (is_settling(w))
		return false;
	other = w->judged;
	w->judged = w->seen;
	w->seen = other;
	w->is_judged = !w->judged.failed;
	w->judged_ms = clock_monotonic_ms();
	w->fresh = age_ms(w) < tick_ms(w);
	return true;
}

/* ---- what may be used ---- */

/* True if the error is not caused by the file itself. */
static bool
is_passing(enum err e)
{
	return e == ERR_IO || e == ERR_MEMORY || e == ERR_CRYPTO;
}

bool
watch_is_kept(enum err e)
{
	return e != ERR_NOT_FOUND && e != ERR_PERMISSION && e != ERR_UNSUPPORTED;
}

static void
say(struct watch *w, int64_t now)
{
	char left[24];

	if (now < w->say_ms)
		return;
	w->say_ms = now + SAY_EVERY_MS;
	w->told = true;
	snprintf(left, sizeof(left), "%lld", (long long)(w->keep_until - now) / 1000);
	LOG(LOG_ERROR, w->good ? "file_refused_old_one_stays" : "file_refused",
	    { "what", str_of(w->kind->name) },
	    { w->good ? "seconds_left" : NULL, str_of(left) },
	    { "path", str_of(w->path) }, { "reason", str_of(w->why.text) });
}

static void
say_good_again(struct watch *w)
{
	LOG(LOG_INFO, "file_good_again", { "what", str_of(w->kind->name) },
	    { "path", str_of(w->path) });
	w->told = false;
}

/* When the last good content became outdated. */
static int64_t
broken_since(const struct watch *w, enum err e, int64_t now)
{
	int64_t age = is_passing(e) ? 0 : age_ms(w);

	if (age < 0)
		age = 0;
	return now - (age < WATCH_KEEP_MS ? age : WATCH_KEEP_MS);
}

static void
judge_failure(struct watch *w, enum err e, const struct why *why)
{
	int64_t now = clock_monotonic_ms();
	bool was_good = w->good;

	if (w->error == ERR_OK)
		w->keep_until = broken_since(w, e, now) + WATCH_KEEP_MS;
	if (is_passing(e))
		w->is_judged = false;
	if (!w->kind->keeps || !watch_is_kept(e))
		w->good = false;
	if (!w->was_good && w->say_ms == 0)
		w->say_ms =
			now + SAY_EVERY_MS; /* the function that opens it reports it */
	else if (was_good != w->good || strcmp(w->why.text, why->text) != 0)
		w->say_ms = 0;
	w->error = e;
	w->why = *why;
}

static void
judge(struct watch *w, enum err e, const struct why *why)
{
	if (e != ERR_OK) {
		judge_failure(w, e, why);
		return;
	}
	if (w->told)
		say_good_again(w);
	w->error = ERR_OK;
	w->good = w->was_good = true;
}

static enum err
verdict(struct watch *w)
{
	int64_t now;

	if (w->error == ERR_OK)
		return ERR_OK;
	now = clock_monotonic_ms();
	if (w->good && now >= w->keep_until) {
		w->good = false;
		w->say_ms = 0;
	}
	say(w, now);
	return w->good ? ERR_OK : w->error;
}

static int64_t
until_next_look(const struct watch *w)
{
	if (!w->is_judged)
		return 0;
	return w->good || w->kind->every_ms < REFUSED_EVERY_MS ? w->kind->every_ms
							       : REFUSED_EVERY_MS;
}

enum err
watch_follow(struct watch *w, void *owner)
{
	int64_t now = w->kind->every_ms > 0 ? clock_monotonic_ms() : 0;
	struct why why = { "" };

	if (now < w->next_ms)
		return verdict(w);
	take_stamps(w);
	if (must_load(w))
		judge(w, w->kind->load(owner, &why), &why);
	if (w->kind->every_ms > 0)
		w->next_ms = now + until_next_look(w);
	return verdict(w);
}
