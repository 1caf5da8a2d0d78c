#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "jose/keyset/keyset_parts.h"

static enum err
stamp_file(const char *file, void *watch, struct why *why)
{
	(void)why;
	watch_stamp(watch, file);
	return ERR_OK;
}

/* The path itself first, because a directory's own times and mode count, too. */
static void
stamp(struct watch *watch)
{
	watch_stamp(watch, watch->path);
	keyset_each_file(watch->path, stamp_file, watch, NULL);
}

static void
adopt(struct keyset_watch *w, struct keyset *set)
{
	if (w->good && memcmp(w->set.digest, set->digest, sizeof(set->digest)) == 0) {
		keyset_done(set);
		return;
	}
	if (w->generation > 0)
		LOG(LOG_INFO, "keys_changed", { "path", str_of(w->path) });
	if (w->good)
		keyset_done(&w->set);
	w->set = *set;
	w->good = true;
	w->generation++;
}

static enum err
load(void *owner, struct why *why)
{
	struct keyset_watch *w = owner;
	struct keyset set;
	enum err e = keyset_load_as(w->path, w->purpose, w->unnamed, &set, why);

	if (e == ERR_OK)
		adopt(w, &set);
	return e;
}

static const struct watch_kind keys = {
	.name = "keys", .keeps = true, .every_ms = 1000, .load = load, .stamp = stamp
};

int64_t
keyset_changed_at(const char *path)
{
	return watch_changed_at(&keys, path);
}

/* Tokens that these keys verified are no longer verified. */
static void
forget(struct keyset_watch *w)
{
	keyset_done(&w->set);
	w->good = false;
	w->generation++;
}

struct keyset *
keyset_watch_now(struct keyset_watch *w)
{
	if (w->path == NULL)
		return NULL;
	if (watch_follow(&w->watch, w) != ERR_OK && w->good)
		forget(w);
	return w->good ? &w->set : NULL;
}

enum err
keyset_watch_open_as(struct keyset_watch *w, const char *path,
		     enum keyset_purpose purpose, const struct alg *unnamed,
		     struct why *why)
{
	*w = (struct keyset_watch){ .purpose = purpose, .unnamed = unnamed };
	if ((w->path = strdup(path)) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for a path");
	watch_init(&w->watch, &keys, w->path);
	if (keyset_watch_now(w) != NULL)
		return ERR_OK;
	return why_set(why, w->watch.error, "%s", w->watch.why.text);
}

enum err
keyset_watch_open(struct keyset_watch *w, const char *path, enum keyset_purpose purpose,
		  struct why *why)
{
	return keyset_watch_open_as(w, path, purpose, NULL, why);
}

void
keyset_watch_close(struct keyset_watch *w)
{
	keyset_done(&w->set);
	watch_done(&w->watch);
	free(w->path);
	*w = (struct keyset_watch){ 0 };
}
