#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "jose/keyset_parts.h"

#define LOOK_EVERY_MS 1000
#define STAMP_BYTES 65536

/*
 * A file's times are as coarse as the kernel's tick: within this time after a
 * change a second one of equal size may leave the same stamp.
 */
#define FRESH_SECONDS 2

struct stamp {
	struct buf text; /* a line a file */
	time_t newest;
};

static enum err
stamp_file(const char *file, void *arg, struct why *why)
{
	struct stamp *s = arg;
	struct stat st = { 0 };

	(void)why;
	if (stat(file, &st) != 0)
		st = (struct stat){ 0 }; /* a stamp of its own */
	buf_addf(&s->text, "%s %llx %llx %llx %o %lld.%ld %lld.%ld\n", file,
		 (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
		 (unsigned long long)st.st_size, (unsigned)st.st_mode,
		 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		 (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	if (st.st_ctim.tv_sec > s->newest)
		s->newest = st.st_ctim.tv_sec;
	return ERR_OK;
}

/* What the path looks like from outside; `fresh` if it changed just now. */
static void
take_stamp(const char *path, unsigned char stamp[SHA256_SIZE], bool *fresh)
{
	struct stamp s = { .newest = 0 };

	buf_init(&s.text, STAMP_BYTES);
	if (keyset_each_file(path, stamp_file, &s, NULL) != ERR_OK)
		buf_addz(&s.text, "unreadable");
	else
		stamp_file(path, &s, NULL); /* the directory's own times */
	*fresh = s.text.failed || sha256(buf_str(&s.text), stamp) != ERR_OK ||
		 time(NULL) - s.newest < FRESH_SECONDS;
	buf_done(&s.text);
}

static void
adopt(struct keyset_watch *w, struct keyset *set)
{
	bool same =
		w->good && memcmp(w->set.digest, set->digest, sizeof(set->digest)) == 0;

	if (w->failure[0] != '\0')
		LOG(LOG_INFO, "keys_good_again", { "path", str_of(w->path) });
	w->failure[0] = '\0';
	if (same) {
		keyset_done(set);
		return;
	}
	if (w->good) {
		LOG(LOG_INFO, "keys_changed", { "path", str_of(w->path) });
		keyset_done(&w->set);
	}
	w->set = *set;
	w->good = true;
	w->generation++;
}

/* Said once, until it changes. */
static void
report(struct keyset_watch *w, const struct why *why)
{
	if (strcmp(w->failure, why->text) == 0)
		return;
	memcpy(w->failure, why->text, sizeof(w->failure));
	LOG(LOG_ERROR, w->good ? "keys_refused_old_ones_stay" : "keys_refused",
	    { "reason", str_of(w->failure) });
}

static enum err
look(struct keyset_watch *w, struct why *why)
{
	unsigned char stamp[SHA256_SIZE] = { 0 };
	bool fresh = true;
	struct keyset set;
	enum err e;

	take_stamp(w->path, stamp, &fresh);
	if (!w->fresh && memcmp(stamp, w->stamp, sizeof(stamp)) == 0)
		return ERR_OK;
	memcpy(w->stamp, stamp, sizeof(stamp));
	w->fresh = fresh;
	e = keyset_load(w->path, w->purpose, &set, why);
	if (e == ERR_OK)
		adopt(w, &set);
	else
		report(w, why);
	return e;
}

enum err
keyset_watch_open(struct keyset_watch *w, const char *path, enum keyset_purpose purpose,
		  struct why *why)
{
	struct why own;

	*w = (struct keyset_watch){ .purpose = purpose, .fresh = true };
	if ((w->path = strdup(path)) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for a path");
	w->next_ms = clock_monotonic_ms() + LOOK_EVERY_MS;
	return look(w, why != NULL ? why : &own);
}

void
keyset_watch_close(struct keyset_watch *w)
{
	keyset_done(&w->set);
	free(w->path);
	*w = (struct keyset_watch){ 0 };
}

struct keyset *
keyset_watch_now(struct keyset_watch *w)
{
	int64_t now = clock_monotonic_ms();
	struct why why;

	if (w->path != NULL && now >= w->next_ms) {
		w->next_ms = now + LOOK_EVERY_MS;
		look(w, &why);
	}
	return w->good ? &w->set : NULL;
}
