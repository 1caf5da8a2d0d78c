#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token/revocations.h"
#include "token/revocations_merge.h"

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
	struct revocation_list file = made(a, 0, 4, NOW + 100);
	struct revocation_list database = made(b, 2, 4, NOW + 50);
	struct revocation_list out = room(8);

	(void)state;
	database.items[1].until = NOW + 500;
	for (int swap = 0; swap < 2; swap++) {
		assert_int_equal(revocations_merge(swap ? &database : &file,
						   swap ? &file : &database, NOW, 100,
						   &out),
				 ERR_OK);
		assert_int_equal(out.n, 6);
		assert_in_order(&out);
		assert_int_equal(until_of(&out, a[2].sid), NOW + 102);
		assert_int_equal(until_of(&out, a[3].sid), NOW + 500);
		assert_int_equal(out.floor, 0);
	}
	free(file.items);
	free(database.items);
	free(out.items);
}

static void
an_older_answer_takes_nothing_out(void **state)
{
	struct text a[3];
	struct revocation_list file = made(a, 0, 3, NOW + 100);
	struct revocation_list none = room(0), out = room(3);

	(void)state;
	assert_int_equal(revocations_merge(&file, &none, NOW, 100, &out), ERR_OK);
	assert_int_equal(out.n, 3);
	assert_int_equal(revocations_merge(&file, &none, NOW + 101, 100, &out), ERR_OK);
	assert_int_equal(out.n, 1); /* two have run out */
	assert_string_equal(out.items[0].sid.p, a[2].sid);
	free(file.items);
	free(none.items);
	free(out.items);
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
assert_all_ended(const struct revocation_list *all, const struct revocation_list *out)
{
	for (size_t i = 0; i < all->n; i++) {
		int64_t revoked = all->items[i].until - LOGIN;

		/* issued when it was revoked, by a clock that was ahead: the worst case */
		if (until_of(out, all->items[i].sid.p) == 0)
			assert_true(revoked + 300 <= out->floor);
	}
}

static void
past_the_ceiling_the_older_half_is_put_together(void **state)
{
	struct text *texts = calloc(3000, sizeof(*texts));
	struct revocation_list all = crowd(texts, 3000);
	struct revocation_list none = room(0), out = room(3000), again = room(6000);

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 3000, &out), ERR_OK);
	assert_int_equal(out.n, 3000);
	assert_int_equal(revocations_merge(&none, &all, NOW, 2999, &out), ERR_OK);
	assert_int_equal(out.n, 1499);
	assert_true(out.floor < NOW);
	assert_in_order(&out);
	assert_all_ended(&all, &out);
	for (size_t i = 0; i < 3000; i += 5) /* no issued one is ever put together */
		assert_int_not_equal(until_of(&out, texts[i].sid), 0);
	/* what was dropped does not come back from the database */
	assert_int_equal(revocations_merge(&out, &all, NOW, 2999, &again), ERR_OK);
	assert_int_equal(again.n, out.n);
	assert_int_equal(again.floor, out.floor);
	free(texts);
	free(all.items);
	free(none.items);
	free(out.items);
	free(again.items);
}

/* A thousand within a minute, where three hundred have room. */
static void
a_list_that_fills_within_minutes_ends_every_token_and_no_logout_fails(void **state)
{
	struct text *texts = calloc(1000, sizeof(*texts));
	struct revocation_list all = made(texts, 0, 1000, NOW + LOGIN - 1000);
	struct revocation_list none = room(0), out = room(1000);

	(void)state;
	for (size_t i = 0; i < all.n; i++)
		all.items[i].until = NOW + LOGIN - (int64_t)i / 20;
	assert_int_equal(revocations_merge(&none, &all, NOW, 300, &out), ERR_OK);
	assert_int_equal(out.n, 0);
	assert_int_equal(out.floor, NOW);
	free(texts);
	free(all.items);
	free(none.items);
	free(out.items);
}

static void
a_floor_only_rises_and_goes_when_no_token_is_that_old(void **state)
{
	struct revocation_list file = room(0), none = room(0), out = room(0);

	(void)state;
	file.floor = NOW;
	assert_int_equal(revocations_merge(&file, &none, NOW + LOGIN, 10, &out), ERR_OK);
	assert_int_equal(out.floor, NOW);
	assert_int_equal(revocations_merge(&file, &none, NOW + LOGIN + 1, 10, &out),
			 ERR_OK);
	assert_int_equal(out.floor, 0);
	free(file.items);
	free(none.items);
	free(out.items);
}

static void
refuses_more_issued_ones_than_there_is_room_for(void **state)
{
	struct text texts[11];
	struct revocation_list all = made(texts, 0, 11, NOW + 400 * INT64_C(86400));
	struct revocation_list none = room(0), out = room(11);

	(void)state;
	assert_int_equal(revocations_merge(&none, &all, NOW, 10, &out), ERR_LIMIT);
	free(all.items);
	free(none.items);
	free(out.items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_all_of_both_and_the_later_time),
		cmocka_unit_test(an_older_answer_takes_nothing_out),
		cmocka_unit_test(past_the_ceiling_the_older_half_is_put_together),
		cmocka_unit_test(
			a_list_that_fills_within_minutes_ends_every_token_and_no_logout_fails),
		cmocka_unit_test(a_floor_only_rises_and_goes_when_no_token_is_that_old),
		cmocka_unit_test(refuses_more_issued_ones_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
