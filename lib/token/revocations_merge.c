#include "token/revocations_merge.h"

#include <stdlib.h>
#include <string.h>

#include "token/revocations.h"

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

static void
put(struct revocation_list *out, const struct revocation *r, int64_t now)
{
	if (r->until > now && !is_covered(r, out->floor))
		out->items[out->n++] = *r;
}

static void
unite(const struct revocation_list *a, const struct revocation_list *b, int64_t now,
      struct revocation_list *out)
{
	size_t i = 0, j = 0;

	while (i < a->n && j < b->n) {
		int which = order(a->items[i].sid, b->items[j].sid);
		struct revocation r = which <= 0 ? a->items[i] : b->items[j];

		if (which == 0 && b->items[j].until > r.until)
			r.until = b->items[j].until;
		i += which <= 0;
		j += which >= 0;
		put(out, &r, now);
	}
	for (; i < a->n; i++)
		put(out, &a->items[i], now);
	for (; j < b->n; j++)
		put(out, &b->items[j], now);
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
put_together(struct revocation_list *l, int64_t now, size_t max)
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
	if (floor > l->floor)
		l->floor = floor;
	return l->n <= max ? ERR_OK : ERR_LIMIT;
}

enum err
revocations_merge(const struct revocation_list *file,
		  const struct revocation_list *database, int64_t now, size_t max,
		  struct revocation_list *out)
{
	out->n = 0;
	out->floor = file->floor > database->floor ? file->floor : database->floor;
	if (out->floor + REVOCATIONS_LOGIN_REACH < now)
		out->floor = 0; /* no token is that old */
	unite(file, database, now, out);
	return out->n <= max ? ERR_OK : put_together(out, now, max);
}
