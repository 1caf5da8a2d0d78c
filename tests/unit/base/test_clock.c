/*
 * What a clock that is set costs: a row is one reading, the clock's and the one
 * since the machine was started, in milliseconds after `T0` and 0.
 */
#include "check.h"

#include "base/clock.h"

#define T0 INT64_C(1795464000000)
#define S INT64_C(1000)
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)
#define YEAR (365 * 24 * HOUR)

struct reading {
	int64_t ahead; /* of the right time */
	int64_t at;
	bool good;
};

static void
check(const struct reading *r, size_t n)
{
	struct clock_steps s = { 0 };

	for (size_t i = 0; i < n; i++) {
		enum err e = clock_judge(&s, T0 + r[i].at + r[i].ahead, r[i].at);

		if ((e == ERR_OK) != r[i].good)
			fail_msg("reading %zu, %lld s", i, (long long)r[i].at / 1000);
	}
}

#define CHECK(...)                                                                       \
	do {                                                                             \
		static const struct reading readings[] = { __VA_ARGS__ };                \
                                                                                         \
		(void)state;                                                             \
		check(readings, COUNT(readings));                                        \
	} while (0)

static void
a_moment_ahead_costs_nothing_afterwards(void **state)
{
	CHECK({ 0, 0, true }, { 0, 10 * S, true }, { 100 * S, 10 * S + 100, true },
	      { 100 * S, 10 * S + 300, true }, { 0, 10 * S + 400, true });
	CHECK({ 0, 0, true }, { 0, HOUR, true }, { 20 * YEAR, HOUR + 100, true },
	      { 20 * YEAR, HOUR + 30 * S, true }, { 0, HOUR + 31 * S, true });
}

static void
a_clock_first_seen_in_2039_costs_as_long_as_it_was_wrong(void **state)
{
	CHECK({ 13 * YEAR, 0, true }, { 0, 100, true });
	CHECK({ 13 * YEAR, 0, true }, { 13 * YEAR, 300, true }, { 0, 400, false },
	      { 0, 690, false }, { 0, 700, true }, { 0, HOUR, true });
}

static void
a_clock_long_ahead_costs_a_minute_and_no_restart(void **state)
{
	CHECK({ 0, 0, true }, { 0, HOUR, true }, { HOUR, HOUR + 1, true },
	      { HOUR, 2 * HOUR, true }, { 0, 2 * HOUR + 1, false },
	      { 0, 2 * HOUR + 59 * S, false }, { 0, 2 * HOUR + 1 + MINUTE, true });
}

static void
a_clock_set_back_is_refused_until_it_has_held(void **state)
{
	CHECK({ 0, 0, true }, { 0, MINUTE, true }, { -HOUR, MINUTE + 1, false },
	      { -HOUR, 2 * MINUTE, false }, { -HOUR, 2 * MINUTE + 1, true },
	      { -HOUR, HOUR, true });
	/* and is forgotten when it comes right */
	CHECK({ 0, 0, true }, { 0, MINUTE, true }, { -HOUR, MINUTE + 1, false },
	      { 0, MINUTE + 2, true }, { -HOUR, MINUTE + 3, false },
	      { -HOUR, MINUTE + 50 * S, false }, { 0, 2 * MINUTE, true },
	      { -HOUR, 2 * MINUTE + 4, false }, { -HOUR, 3 * MINUTE + 3, false });
}

static void
a_clock_that_does_not_settle_is_not_believed(void **state)
{
	CHECK({ 0, 0, true }, { 0, MINUTE, true }, { -HOUR, 2 * MINUTE, false },
	      { -2 * HOUR, 3 * MINUTE - 1, false }, { -HOUR, 4 * MINUTE - 2, false },
	      { -3 * HOUR, 5 * MINUTE - 3, false });
}

static void
small_corrections_and_drift_pass(void **state)
{
	struct clock_steps s = { 0 };

	(void)state;
	/* a second a minute, backwards, for a day */
	for (int64_t i = 0; i < 1440; i++)
		assert_int_equal(clock_judge(&s, T0 + i * MINUTE - i * S, i * MINUTE),
				 ERR_OK);
	CHECK({ 0, 0, true }, { 0, HOUR, true }, { -59 * S, HOUR + 1, true },
	      { -118 * S, HOUR + 2, false }, { -59 * S, HOUR + 3, true },
	      { -59 * S, HOUR + 2 * MINUTE, true },
	      { -118 * S, HOUR + 3 * MINUTE, true });
}

/* A laptop's lid: CLOCK_BOOTTIME went on. */
static void
sleep_is_no_step(void **state)
{
	CHECK({ 0, 0, true }, { 0, MINUTE, true }, { 0, 100 * HOUR, true },
	      { -61 * S, 100 * HOUR + 1, false });
}

static void
a_clock_that_was_never_set_is_refused(void **state)
{
	struct clock_steps s = { 0 };

	(void)state;
	assert_int_equal(clock_judge(&s, 1, 1), ERR_CLOCK);
	assert_int_equal(clock_judge(&s, INT64_C(1735689599999), 2), ERR_CLOCK);
	assert_int_equal(clock_judge(&s, T0, 3), ERR_OK);
	assert_int_equal(clock_judge(&s, 4, 4), ERR_CLOCK);
	assert_int_equal(clock_judge(&s, T0 + 5, 5), ERR_OK);
}

static void
the_clock_of_this_machine_is_believed(void **state)
{
	int64_t a, b;

	(void)state;
	assert_int_equal(clock_now(&a), ERR_OK);
	assert_int_equal(clock_now(&b), ERR_OK);
	assert_true(b >= a && a > 1735689600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_ahead_costs_nothing_afterwards),
		cmocka_unit_test(
			a_clock_first_seen_in_2039_costs_as_long_as_it_was_wrong),
		cmocka_unit_test(a_clock_long_ahead_costs_a_minute_and_no_restart),
		cmocka_unit_test(a_clock_set_back_is_refused_until_it_has_held),
		cmocka_unit_test(a_clock_that_does_not_settle_is_not_believed),
		cmocka_unit_test(small_corrections_and_drift_pass),
		cmocka_unit_test(sleep_is_no_step),
		cmocka_unit_test(a_clock_that_was_never_set_is_refused),
		cmocka_unit_test(the_clock_of_this_machine_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
