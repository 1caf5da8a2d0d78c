/*
 * A file, or several, that may change while the process runs. The rules for this are
 * here, once for all of them:
 *
 *   - It exists and cannot be parsed. A kind that `keeps` goes on using the last good
 *     content, for ten minutes at most after the change, and the log says so each
 *     minute. After that it is refused. Any other kind is refused at once.
 *   - It is gone, may not be read, has the wrong mode, or contains nothing that is of
 *     use (no key at all). It is refused at once.
 *   - It cannot be read for a reason that may pass: too many open files, no memory, a
 *     bad disk. The rules of the first case apply, counted from now. The file is read
 *     again at the next look, even if it has not changed.
 *
 * A process that has just started has no last good content, and refuses.
 *
 * A stamp describes a file from outside: device, inode, size, mode, owner and times.
 * While the stamp stays the same, the file is not read again. There is one exception:
 * if a file changed within the last tick of its times, a further change may leave the
 * same stamp. So it is read once more when the tick is over.
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
	const char *name;  /* the name in the log: file_refused what=keys */
	bool keeps;        /* see above */
	int64_t every_ms;  /* time between two looks; 0: look at each request */
	int64_t settle_ms; /* a changed file is not read before it has this age */
	/* Read the file and replace what was read before. */
	enum err (*load)(void *owner, struct why *why);
	/* Call watch_stamp for each file. NULL if there is only the path. */
	void (*stamp)(struct watch *w);
};

struct watch {
	const struct watch_kind *kind;
	const char *path;   /* borrowed */
	enum err error;     /* of the last load; ERR_OK: it was good */
	struct why why;     /* why it failed */
	bool good;          /* the content that was loaded last may be used */
	int64_t keep_until; /* if there is an error: until when it may be used, in
			     * monotonic ms */
	int64_t next_ms;    /* the next look */

	/* its own: */
	bool was_good;      /* at any time */
	bool told;          /* the failure was logged */
	int64_t say_ms;     /* when to log it again */
	struct buf seen;    /* the stamps of this look */
	struct buf judged;  /* the stamps of the content that was loaded last */
	bool is_judged;     /* if false they are worthless: load again */
	bool fresh;         /* a further change may leave the same stamp */
	int64_t judged_ms;  /* since when the stamps are the same */
	struct timespec at; /* the time of the newest change among them */
};

/* `path` is borrowed until watch_done. Nothing is read yet. */
void watch_init(struct watch *w, const struct watch_kind *kind, const char *path);
void watch_done(struct watch *w);

/*
 * Look at the file if it is time, and load it if it has changed. ERR_OK: the content
 * that `load` stored in `owner` may be used. Otherwise it may not be used, and w->why
 * says why.
 */
enum err watch_follow(struct watch *w, void *owner);

/* Record the stamp of `file`. For kind->stamp. A missing file has a stamp, too. */
void watch_stamp(struct watch *w, const char *file);

/* When the files of this kind last changed, in seconds since 1970. */
int64_t watch_changed_at(const struct watch_kind *kind, const char *path);

/* May a kind that keeps go on using the last good content after this error? */
bool watch_is_kept(enum err e);

#endif
