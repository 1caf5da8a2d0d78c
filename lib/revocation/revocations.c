#include "revocation/revocations.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#define SAY_EVERY_MS 60000

/*
 * The second file is watched by its descriptor. On a file system where that does not
 * show that another file has taken its name (a layered one), the path shows it.
 */
#define LOOK_EVERY_MS 100

bool
revocations_is_sid(struct str sid)
{
	for (size_t i = 0; i < sid.n; i++)
		if (sid.p[i] >= 'A' && sid.p[i] <= 'F')
			return false;
	return text_is_uuid(sid) && !str_is(sid, REVOCATIONS_FLOOR_SID);
}

bool
revocations_later_path(const char *path, char later[REVOCATIONS_PATH_MAX])
{
	int n = snprintf(later, REVOCATIONS_PATH_MAX, "%s.later", path);

	return n > 0 && n < REVOCATIONS_PATH_MAX;
}

/* ---- reading the files ---- */

static void
close_part(struct revocations_part *part)
{
	mapped_file_close(&part->file);
	part->view = (struct revocations_view){ .checked = false };
}

static enum err
open_part(struct revocations_part *part, const char *path, struct why *why)
{
	enum err e = mapped_file_open(&part->file, path, REVOCATIONS_BYTES, why);

	if (e == ERR_OK && (part->file.st.st_mode & S_IWOTH))
		e = why_set(why, ERR_PERMISSION, "everyone may write %s", path);
	if (e == ERR_OK)
		e = revocations_view_open(&part->view, mapped_file_bytes(&part->file),
					  path, why);
	return e;
}

static enum err
open_later(struct revocations *r, struct why *why)
{
	const struct revocations_head *soon = &r->soon.view.head;
	const struct revocations_head *later = &r->later.view.head;
	char path[REVOCATIONS_PATH_MAX];
	enum err e;

	if (!revocations_later_path(r->path, path))
		return why_set(why, ERR_LIMIT, "%s: the name is too long", r->path);
	if ((e = open_part(&r->later, path, why)) != ERR_OK)
		return e;
	if (!r->later.view.checked || !later->later || later->pair != soon->pair)
		return why_set(why, ERR_SYNTAX, "%s is not the second file of %s", path,
			       r->path);
	if (later->serial < soon->serial)
		return why_set(why, ERR_SYNTAX, "%s is older than %s knows it", path,
			       r->path);
	return ERR_OK;
}

static enum err
read_floor(struct revocations *r, struct why *why)
{
	const struct revocations_view *v = &r->soon.view;

	if (v->head.n == 0)
		return ERR_OK;
	if (!revocations_view_is_whole(v, 0))
		return why_set(why, ERR_SYNTAX, "%s: record 1 is malformed", r->path);
	if (str_is(revocations_view_sid(v, 0), REVOCATIONS_FLOOR_SID))
		r->floor = revocations_view_until(v, 0);
	return ERR_OK;
}

/*
 * The writer replaces the second file first, and this opens it last. So it is never
 * older than the first one knows it.
 */
enum err
revocations_load(struct revocations *r, struct why *why)
{
	enum err e;

	close_part(&r->soon);
	close_part(&r->later);
	r->floor = 0;
	e = open_part(&r->soon, r->path, why);
	if (e == ERR_OK && r->soon.view.head.later)
		e = why_set(why, ERR_SYNTAX, "%s is the second file of another one",
			    r->path);
	if (e == ERR_OK && r->soon.view.checked)
		e = open_later(r, why);
	if (e == ERR_OK)
		e = read_floor(r, why);
	if (e != ERR_OK) {
		close_part(&r->soon);
		close_part(&r->later);
	}
	return e;
}

static enum err
load(void *owner, struct why *why)
{
	return revocations_load(owner, why);
}

/*
 * If a file is missing, sessions may still have ended. So the token is refused in each
 * case.
 */
static const struct watch_kind revocations = { .name = "revocations", .load = load };

void
revocations_init(struct revocations *r, const char *path, int64_t max_age)
{
	*r = (struct revocations){ .path = path, .max_age = max_age };
	mapped_file_init(&r->soon.file);
	mapped_file_init(&r->later.file);
	watch_init(&r->watch, &revocations, path);
}

void
revocations_done(struct revocations *r)
{
	if (r == NULL)
		return;
	close_part(&r->soon);
	close_part(&r->later);
	watch_done(&r->watch);
}

/* ---- asking ---- */

/*
 * The watch looks at the first file. Here it is made to load both if the second one
 * has changed, or if that one was the reason why they were refused.
 */
static void
follow_later(struct revocations *r)
{
	char path[REVOCATIONS_PATH_MAX];
	int64_t now;

	if (r->soon.file.fd >= 0 && !r->soon.view.checked)
		return; /* version 1 */
	if (!mapped_file_is_same(&r->later.file)) {
		r->watch.is_judged = false;
		return;
	}
	now = clock_monotonic_ms();
	if (now < r->look_ms)
		return;
	r->look_ms = now + LOOK_EVERY_MS;
	if (!revocations_later_path(r->path, path) ||
	    !mapped_file_is_at(&r->later.file, path))
		r->watch.is_judged = false;
}

static enum revocations_answer
fail(struct revocations *r, const char *reason)
{
	int64_t now = clock_monotonic_ms();

	if (now >= r->say_ms) {
		r->say_ms = now + SAY_EVERY_MS;
		LOG(LOG_ERROR, "file_refused", { "what", STR("revocations") },
		    { "path", str_of(r->path) }, { "reason", str_of(reason) });
	}
	return REVOCATIONS_FAILED;
}

enum revocations_found
revocations_find(const struct revocations *r, struct str sid)
{
	enum revocations_found found;

	if (r->soon.file.fd < 0)
		return REVOCATIONS_DAMAGED;
	found = revocations_view_find(&r->soon.view, sid);
	if (found == REVOCATIONS_ABSENT && r->soon.view.checked)
		found = revocations_view_find(&r->later.view, sid);
	return found;
}

enum revocations_answer
revocations_check(struct revocations *r, struct str sid, int64_t now)
{
	follow_later(r);
	if (watch_follow(&r->watch, r) != ERR_OK)
		return REVOCATIONS_FAILED;
	if (r->max_age > 0 && now - r->soon.view.head.written > r->max_age)
		return fail(r, "it was not renewed for revocation_max_age");
	switch (revocations_find(r, sid)) {
	case REVOCATIONS_PRESENT:
		return REVOCATIONS_ENDED;
	case REVOCATIONS_ABSENT:
		return REVOCATIONS_NONE;
	case REVOCATIONS_DAMAGED:
		break;
	}
	return fail(r, "a record in it, or in the second file, is damaged");
}

bool
revocations_covers(const struct revocations *r, int64_t iat, int64_t exp)
{
	return r->floor > 0 && iat <= r->floor && exp - iat <= REVOCATIONS_LOGIN_LIFE;
}

enum err
revocations_check_all(const struct revocations *r, struct why *why)
{
	enum err e = revocations_view_check(&r->soon.view, r->path, why);

	if (e == ERR_OK)
		e = revocations_view_check(&r->later.view, "the second file", why);
	return e;
}

size_t
revocations_count(const struct revocations *r)
{
	return r->soon.view.head.n + r->later.view.head.n;
}

bool
revocations_is_half_full(const struct revocations *r)
{
	return r->soon.view.head.n >= REVOCATIONS_MAX / 2 ||
	       r->later.view.head.n >= REVOCATIONS_MAX / 2;
}
