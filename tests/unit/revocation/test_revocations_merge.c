#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "revocation/revocations.h"
#include "revocation/revocations_merge.h"

#define NOW INT64_C(1795464000)
#define LOGIN REVOCATIONS_LOGIN_REACH

struct text {
	char sid[37];
};

/* A list of n sids in order, the i-th from `first` on, all until `until` + i. */
static struct revocation_list
made(struct text *texts, size_t first, size_t n, int64_t until)
{
	struct revocation_list l = { .items = calloc(n + 1, sizeof(*l.items)), .n = n };

	for (size_t i = 0; i < n; i++) {
		snprintf(texts[i].sid, sizeof(texts[i].sid),
			 "%08zx-0000-4000-8000-000000000000", first + i);
		l.items[i] =
			(struct revocation){ str_of(texts[i].sid), until + (int64_t)i };
	}
	return l;
}

static struct revocation_list
room(size_t n)
{
	return (struct revocation_list){ .items = calloc(n + 1,
							 sizeof(struct revocation)) };
}

static struct revocation_lists
rooms(size_t n)
{
	return (struct revocation_lists){ .soon = room(n), .later = room(n) };
}

static void
done(struct revocation_lists *l)
{
	free(l->soon.items);
	free(l->later.items);
}

static int64_t
until_of(const struct revocation_list *l, const char *sid)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_is(l->items[i].sid, sid))
			return l->items[i].until;
	return 0;
}

static void
assert_in_order(const struct revocation_list *l)
{
	for (size_t i = 1; i < l->n; i++)
		assert_true(memcmp(l->items[i - 1].sid.p, l->items[i].sid.p, 36) < 0);
}

static void
keeps_all_of_both_and_the_later_time(void **state)
{
	struct text a[4], b[4];
	struct revocation_list one = made(a, 0, 4, NOW + 100);
	struct revocation_list other = made(b, 2, 4, NOW + 50);
	struct revocation_lists out = rooms(8);

	(void)state;
	other.items[1].until = NOW + 500;
	for (int swap = 0; swap < 2; swap++) {
		struct revocation_lists files = { .soon = swap ? other : one };

		assert_int_equal(
			revocations_merge(&files, swap ? &one : &other, NOW, 100, &out),
			ERR_OK);
		assert_int_equal(out.soon.n, 6);
		assert_int_equal(out.later.n, 0);
		assert_in_order(&out.soon);
		assert_int_equal(until_of(&out.soon, a[2].sid), NOW + 102);
		assert_int_equal(until_of(&out.soon, a[3].sid), NOW + 500);
		assert_int_equal(out.floor, 0);
	}
	free(one.items);
	free(other.items);
	done(&out);
}

static void
what_ends_after_a_login_could_is_in_the_second_list(void **state)
{
	struct text a[4];
	struct revocation_list all = made(a, 0, 4, NOW + REVOCATIONS_SOON - 1);
	struct revocation_lists none = { .floor = 0 }, out = rooms(4);

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 100, &out), ERR_OK);
	assert_int_equal(out.soon.n, 2);
	assert_int_equal(out.later.n, 2);
	assert_int_equal(until_of(&out.soon, a[1].sid), NOW + REVOCATIONS_SOON);
	assert_int_equal(until_of(&out.later, a[2].sid), NOW + REVOCATIONS_SOON + 1);
	free(all.items);
	done(&out);
}

static void
what_is_in_the_second_list_stays_there_and_is_not_repeated(void **state)
{
	struct text a[3];
	struct revocation_list all = made(a, 0, 3, NOW + 10 * LOGIN);
	struct revocation_lists none = { .floor = 0 }, files = rooms(3), out = rooms(6);
	const int64_t near = NOW + 9 * LOGIN + 1;

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 100, &files), ERR_OK);
	assert_int_equal(revocations_merge(&files, &all, near, 100, &out), ERR_OK);
	assert_int_equal(out.soon.n, 0);
	assert_int_equal(out.later.n, 3);
	/* but a later time than the second list knows is told */
	all.items[1].until = NOW + 10 * LOGIN + 60;
	assert_int_equal(revocations_merge(&files, &all, NOW + 9 * LOGIN + 60, 100, &out),
			 ERR_OK);
	assert_int_equal(out.soon.n, 1);
	assert_int_equal(until_of(&out.soon, a[1].sid), NOW + 10 * LOGIN + 60);
	assert_int_equal(revocations_merge(&files, &all, NOW + 11 * LOGIN, 100, &out),
			 ERR_OK);
	assert_int_equal(out.soon.n + out.later.n, 0); /* all have run out */
	free(all.items);
	done(&files);
	done(&out);
}

static void
an_older_answer_takes_nothing_out(void **state)
{
	struct text a[3], b[2];
	struct revocation_lists files = { .soon = made(a, 0, 3, NOW + 100),
					  .later = made(b, 5, 2, NOW + 3 * LOGIN) };
	struct revocation_list none = room(0);
	struct revocation_lists out = rooms(3);

	(void)state;
	assert_int_equal(revocations_merge(&files, &none, NOW, 100, &out), ERR_OK);
	assert_int_equal(out.soon.n, 3);
	assert_int_equal(out.later.n, 2);
	assert_int_equal(revocations_merge(&files, &none, NOW + 101, 100, &out), ERR_OK);
	assert_int_equal(out.soon.n, 1); /* two have run out */
	assert_string_equal(out.soon.items[0].sid.p, a[2].sid);
	done(&files);
	free(none.items);
	done(&out);
}

/* Revoked one a second, the last just now; a fifth of `token issue`. */
static struct revocation_list
crowd(struct text *texts, size_t n)
{
	struct revocation_list l = made(texts, 0, n, NOW + LOGIN - (int64_t)n + 1);

	for (size_t i = 0; i < n; i += 5)
		l.items[i].until += 400 * INT64_C(86400);
	return l;
}

static void
assert_all_ended(const struct revocation_list *all, const struct revocation_lists *out)
{
	for (size_t i = 0; i < all->n; i++) {
		int64_t revoked = all->items[i].until - LOGIN;

		/* issued when it was revoked, by a clock that was ahead: the worst case */
		if (until_of(&out->soon, all->items[i].sid.p) == 0 &&
		    until_of(&out->later, all->items[i].sid.p) == 0)
			assert_true(revoked + 300 <= out->floor);
	}
}

static void
past_the_ceiling_the_older_half_is_put_together(void **state)
{
	struct text *texts = calloc(3000, sizeof(*texts));
	struct revocation_list all = crowd(texts, 3000);
	struct revocation_lists none = { .floor = 0 }, out = rooms(3000),
				again = rooms(6000);

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 2400, &out), ERR_OK);
	assert_int_equal(out.soon.n, 2400);
	assert_int_equal(revocations_merge(&none, &all, NOW, 2399, &out), ERR_OK);
	assert_int_equal(out.soon.n, 1199);
	assert_true(out.floor < NOW);
	assert_in_order(&out.soon);
	assert_all_ended(&all, &out);
	for (size_t i = 0; i < 3000; i += 5) /* no issued one is ever put together */
		assert_int_not_equal(until_of(&out.later, texts[i].sid), 0);
	/* what was dropped does not come back from the database */
	assert_int_equal(revocations_merge(&out, &all, NOW, 2399, &again), ERR_OK);
	assert_int_equal(again.soon.n, out.soon.n);
	assert_int_equal(again.floor, out.floor);
	free(texts);
	free(all.items);
	done(&out);
	done(&again);
}

/* A thousand within a minute, where three hundred have room. */
static void
a_list_that_fills_within_minutes_ends_every_token_and_no_logout_fails(void **state)
{
	struct text *texts = calloc(1000, sizeof(*texts));
	struct revocation_list all = made(texts, 0, 1000, NOW + LOGIN - 1000);
	struct revocation_lists none = { .floor = 0 }, out = rooms(1000);

	(void)state;
	for (size_t i = 0; i < all.n; i++)
		all.items[i].until = NOW + LOGIN - (int64_t)i / 20;
	assert_int_equal(revocations_merge(&none, &all, NOW, 300, &out), ERR_OK);
	assert_int_equal(out.soon.n, 0);
	assert_int_equal(out.floor, NOW);
	free(texts);
	free(all.items);
	done(&out);
}

static void
a_floor_only_rises_and_goes_when_no_token_is_that_old(void **state)
{
	struct revocation_list none = room(0);
	struct revocation_lists files = { .floor = NOW }, out = rooms(0);

	(void)state;
	assert_int_equal(revocations_merge(&files, &none, NOW + LOGIN, 10, &out), ERR_OK);
	assert_int_equal(out.floor, NOW);
	assert_int_equal(revocations_merge(&files, &none, NOW + LOGIN + 1, 10, &out),
			 ERR_OK);
	assert_int_equal(out.floor, 0);
	free(none.items);
	done(&out);
}

static void
refuses_more_issued_ones_than_there_is_room_for(void **state)
{
	struct text texts[11];
	struct revocation_list all = made(texts, 0, 11, NOW + 400 * INT64_C(86400));
	struct revocation_lists none = { .floor = 0 }, out = rooms(11);

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 10, &out), ERR_LIMIT);
	free(all.items);
	done(&out);
}

static void
sorts_by_sid(void **state)
{
	struct text texts[5];
	struct revocation_list l = made(texts, 0, 5, NOW);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct revocation r = l.items[i];

		l.items[i] = l.items[4 - i];
		l.items[4 - i] = r;
	}
	revocations_sort(&l);
	assert_in_order(&l);
	free(l.items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_by_sid),
		cmocka_unit_test(keeps_all_of_both_and_the_later_time),
		cmocka_unit_test(what_ends_after_a_login_could_is_in_the_second_list),
		cmocka_unit_test(
			what_is_in_the_second_list_stays_there_and_is_not_repeated),
		cmocka_unit_test(an_older_answer_takes_nothing_out),
		cmocka_unit_test(past_the_ceiling_the_older_half_is_put_together),
		cmocka_unit_test(
			a_list_that_fills_within_minutes_ends_every_token_and_no_logout_fails),
		cmocka_unit_test(a_floor_only_rises_and_goes_when_no_token_is_that_old),
		cmocka_unit_test(refuses_more_issued_ones_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
