/*
 * A file, or several, that may change under a running process. What happens then is
 * decided here, once for all of them:
 *
 *   it is there and cannot be parsed   a kind that `keeps`: the last good content
 *                                      stays in use, ten minutes at most after the
 *                                      file was changed, and the log says so each
 *                                      minute; then it is refused. Any other kind
 *                                      is refused at once.
 *   it is gone, may not be read, has   refused at once
 *   the wrong mode, or nothing in it
 *   that is of use (no key at all)
 *   it cannot be read for a reason     as the first, counted from now; it is read
 *   that may pass: too many open       again at the next look, whether or not it
 *   files, no memory, a bad disk       has changed
 *
 * A process that has just started has no last good content, and refuses.
 *
 * A stamp says what a file looks like from outside: device, inode, size, mode, owner
 * and times. While it stays the same the file is not read again, unless the file has
 * changed within the last tick of its times: a further change may then leave the same
 * stamp, so it is read once more when the tick is over.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"

#define WATCH_KEEP_MS INT64_C(600000)

struct watch;

struct watch_kind {
	const char *name;  /* in the log: file_refused what=keys */
	bool keeps;        /* see above */
	int64_t every_ms;  /* between two looks; 0: look each time */
	int64_t settle_ms; /* a changed file is left alone until it is that old */
	/* Read it, and put it in the place of what was read before. */
	enum err (*load)(void *owner, struct why *why);
	/* Call watch_stamp for each file; NULL: for the path alone. */
	void (*stamp)(struct watch *w);
};

struct watch {
	const struct watch_kind *kind;
	const char *path;   /* borrowed */
	enum err error;     /* of the last load; ERR_OK: it was good */
	struct why why;     /* why it failed */
	bool good;          /* what was loaded last may be used */
	int64_t keep_until; /* with an error: how long it may be used, monotonic ms */
	int64_t next_ms;    /* the next look */

	/* its own: */
	bool was_good;      /* at any time */
	bool told;          /* the failure is in the log */
	int64_t say_ms;     /* when to say it again */
	struct buf seen;    /* the stamps of this look */
	struct buf judged;  /* those of what was loaded last */
	bool is_judged;     /* else they are worth nothing: load again */
	bool fresh;         /* a further change may not show */
	int64_t judged_ms;  /* since when they are those */
	struct timespec at; /* the newest change that is among them */
};

/* `path` is borrowed until watch_done. Nothing is read yet. */
void watch_init(struct watch *w, const struct watch_kind *kind, const char *path);
void watch_done(struct watch *w);

/*
 * Look, if it is time, and load if something has changed. ERR_OK: what `load` has
 * stored in `owner` may be used. Otherwise it may not, and w->why says why.
 */
enum err watch_follow(struct watch *w, void *owner);

/* Note what `file` looks like; for kind->stamp. One that is not there has a stamp, too. */
void watch_stamp(struct watch *w, const char *file);

/* When what the kind looks at was changed for the last time, in seconds since 1970. */
int64_t watch_changed_at(const struct watch_kind *kind, const char *path);

/* Does an error of a load leave the last good content in use, where the kind keeps it? */
bool watch_is_kept(enum err e);

#endif
