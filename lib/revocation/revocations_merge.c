#include "revocation/revocations_merge.h"

#include <stdlib.h>
#include <string.h>

#include "revocation/revocations.h"

static int
order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int by_bytes = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return by_bytes != 0 ? by_bytes : (a.n > b.n) - (a.n < b.n);
}

/*
 * A login's token with this sid was issued before the floor, or not at all. The
 * difference between the two constants, six minutes, allows for the clocks of other
 * hosts, which may have dated the token later than its revocation.
 */
static bool
is_covered(const struct revocation *r, int64_t floor)
{
	return floor > 0 && r->until - REVOCATIONS_LOGIN_LIFE <= floor;
}

static int
by_sid(const void *a, const void *b)
{
	return order(((const struct revocation *)a)->sid,
		     ((const struct revocation *)b)->sid);
}

void
revocations_sort(struct revocation_list *l)
{
	if (l->n > 1)
		qsort(l->items, l->n, sizeof(*l->items), by_sid);
}

void
revocations_unite(const struct revocation_list *a, const struct revocation_list *b,
		  struct revocation_list *out)
{
	size_t i = 0, j = 0;

	out->n = 0;
	while (i < a->n && j < b->n) {
		int which = order(a->items[i].sid, b->items[j].sid);
		struct revocation r = which <= 0 ? a->items[i] : b->items[j];

		if (which == 0 && b->items[j].until > r.until)
			r.until = b->items[j].until;
		i += which <= 0;
		j += which >= 0;
		out->items[out->n++] = r;
	}
	while (i < a->n)
		out->items[out->n++] = a->items[i++];
	while (j < b->n)
		out->items[out->n++] = b->items[j++];
}

/* ---- the two lists ---- */

static void
drop_expired(struct revocation_list *l, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->items[i].until > now)
			l->items[kept++] = l->items[i];
	l->n = kept;
}

static void
drop_covered(struct revocation_list *l, int64_t floor)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!is_covered(&l->items[i], floor))
			l->items[kept++] = l->items[i];
	l->n = kept;
}

/* Copy those of `from` that end after `limit` to `late`, the others to `early`. */
static void
split(const struct revocation_list *from, int64_t limit, struct revocation_list *early,
      struct revocation_list *late)
{
	for (size_t i = 0; i < from->n; i++) {
		struct revocation_list *to = from->items[i].until > limit ? late : early;

		to->items[to->n++] = from->items[i];
	}
}

/* An entry of the second file whose time has come near is not repeated in the first. */
static void
drop_listed(struct revocation_list *l, const struct revocation_list *other)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < l->n; i++) {
		int which = 1;

		while (j < other->n &&
		       (which = order(other->items[j].sid, l->items[i].sid)) < 0)
			j++;
		if (j == other->n || which > 0 ||
		    other->items[j].until < l->items[i].until)
			l->items[kept++] = l->items[i];
	}
	l->n = kept;
}

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The floor that covers the older part, so that half of the list is left. */
static enum err
choose_floor(const struct revocation_list *l, int64_t now, size_t max, int64_t *floor)
{
	int64_t *times = malloc((l->n + 1) * sizeof(*times));
	size_t n = 0, drop;

	if (times == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < l->n; i++)
		if (l->items[i].until <= now + REVOCATIONS_LOGIN_REACH)
			times[n++] = l->items[i].until - REVOCATIONS_LOGIN_LIFE;
	qsort(times, n, sizeof(*times), by_time);
	drop = l->n - max / 2;
	*floor = n == 0 ? now : times[(drop > n ? n : drop) - 1];
	if (*floor > now)
		*floor = now; /* otherwise tokens that are issued now would be refused */
	free(times);
	return ERR_OK;
}

static void
drop_up_to(struct revocation_list *l, int64_t until)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->items[i].until > until)
			l->items[kept++] = l->items[i];
	l->n = kept;
}

/*
 * If the revocations of the last six minutes do not fit, they are covered as well.
 * Every present token of a login is then refused and must be renewed.
 */
static enum err
put_together(struct revocation_list *l, int64_t now, size_t max, int64_t *covered)
{
	int64_t floor;
	enum err e = choose_floor(l, now, max, &floor);

	if (e != ERR_OK)
		return e;
	drop_up_to(l, floor + REVOCATIONS_LOGIN_LIFE);
	if (l->n > max) {
		floor = now;
		drop_up_to(l, now + REVOCATIONS_LOGIN_REACH);
	}
	if (floor > *covered)
		*covered = floor;
	return l->n <= max ? ERR_OK : ERR_LIMIT;
}

static void
merge(const struct revocation_lists *files, struct revocation_list *early,
      const struct revocation_list *late, int64_t now, struct revocation_lists *out)
{
	revocations_unite(&files->later, late, &out->later);
	drop_expired(&out->later, now);
	drop_listed(early, &out->later);
	revocations_unite(&files->soon, early, &out->soon);
	drop_expired(&out->soon, now);
	out->floor = files->floor;
	if (out->floor + REVOCATIONS_LOGIN_REACH < now)
		out->floor = 0; /* no token is that old */
	drop_covered(&out->soon, out->floor);
}

enum err
revocations_merge(const struct revocation_lists *files,
		  const struct revocation_list *database, int64_t now, size_t max,
		  struct revocation_lists *out)
{
	struct revocation *items = malloc(2 * (database->n + 1) * sizeof(*items));
	struct revocation_list early = { .items = items };
	struct revocation_list late = { .items = items + database->n + 1 };
	enum err e = ERR_OK;

	if (items == NULL)
		return ERR_MEMORY;
	split(database, now + REVOCATIONS_SOON, &early, &late);
	merge(files, &early, &late, now, out);
	if (out->soon.n > max)
		e = put_together(&out->soon, now, max, &out->floor);
	if (e == ERR_OK && out->later.n > max)
		e = ERR_LIMIT;
	free(items);
	return e;
}
