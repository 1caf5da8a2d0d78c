#include "check.h"

#include <string.h>

#include "page/moment.h"

#define WINTER 1767272700 /* 2026-01-01 13:05 UTC */
#define SUMMER 1782910800 /* 2026-07-01 13:00 UTC */

static const char *
part(const struct moment *m, const char *name)
{
	for (size_t i = 0; i < m->scope.n; i++)
		if (strcmp(m->fields[i].name, name) == 0)
			return m->fields[i].text.p;
	return "";
}

static void
shows_a_time_in_utc_where_no_zone_is_set(void **state)
{
	struct moment m;
	struct template_field f;

	(void)state;
	assert_true(moment_use_zone(NULL));
	f = moment_field("since", WINTER, &m);
	assert_string_equal(f.name, "since");
	assert_int_equal(f.n_items, 1);
	assert_string_equal(part(&m, "datetime"), "2026-01-01T13:05:00Z");
	assert_string_equal(part(&m, "day"), "time.first"); /* French: 1er */
	assert_string_equal(part(&m, "month"), "time.january");
	assert_string_equal(part(&m, "year"), "2026");
	assert_string_equal(part(&m, "clock"), "13:05");
	assert_string_equal(part(&m, "zone"), "UTC");
}

static void
shows_a_time_in_the_sites_zone_in_winter_and_in_summer(void **state)
{
	struct moment m;

	(void)state;
	if (!moment_use_zone("Europe/Berlin"))
		fail_msg("the package tzdata is missing");
	moment_field("since", WINTER, &m);
	assert_string_equal(part(&m, "clock"), "14:05");
	assert_string_equal(part(&m, "zone"), "CET");
	assert_string_equal(part(&m, "datetime"), "2026-01-01T13:05:00Z");
	moment_field("since", SUMMER, &m);
	assert_string_equal(part(&m, "clock"), "15:00");
	assert_string_equal(part(&m, "zone"), "CEST");
	/* a zone that can change the day, and the year */
	assert_true(moment_use_zone("Pacific/Kiritimati"));
	moment_field("since", 1798710000, &m); /* 2026-12-31 09:40 UTC */
	assert_string_equal(part(&m, "day"), "31");
	moment_field("since", 1798714800, &m);
	assert_string_equal(part(&m, "day"), "time.first");
	assert_string_equal(part(&m, "year"), "2027");
}

static void
a_zone_that_the_system_does_not_have_is_utc(void **state)
{
	static const char *const unknown[] = { "Europe/Nowhere", "Europe", "leapseconds",
					       "../../../etc/passwd" };
	struct moment m;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		assert_true(moment_use_zone("Asia/Tokyo"));
		assert_false(moment_use_zone(unknown[i]));
		moment_field("since", WINTER, &m);
		assert_string_equal(part(&m, "clock"), "13:05");
		assert_string_equal(part(&m, "zone"), "UTC");
	}
}

static void
a_time_that_has_no_form_is_not_shown(void **state)
{
	struct moment m;

	(void)state;
	assert_int_equal(moment_field("since", INT64_MAX, &m).n_items, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_a_time_in_utc_where_no_zone_is_set),
		cmocka_unit_test(shows_a_time_in_the_sites_zone_in_winter_and_in_summer),
		cmocka_unit_test(a_zone_that_the_system_does_not_have_is_utc),
		cmocka_unit_test(a_time_that_has_no_form_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
