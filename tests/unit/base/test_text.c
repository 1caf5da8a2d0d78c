#include "check.h"

#include <string.h>

#include "base/text.h"

static void
hex_in_either_case(void **state)
{
	(void)state;
	assert_int_equal(text_hex_value('0'), 0);
	assert_int_equal(text_hex_value('f'), 15);
	assert_int_equal(text_hex_value('A'), 10);
	assert_int_equal(text_hex_value('g'), -1);
	assert_int_equal(text_hex_value('\0'), -1);
	assert_int_equal(text_hex_value('/'), -1);
	assert_int_equal(text_hex_value(':'), -1);
	assert_int_equal(text_hex_value('@'), -1);
	assert_int_equal(text_hex_value('`'), -1);
}

static void
hex_of_every_byte(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_true(text_add_hex(&out, STR("\x00\x7f\x80\xff")));
	assert_string_equal(buf_z(&out), "007f80ff");
	buf_done(&out);
	buf_init(&out, 3);
	assert_false(text_add_hex(&out, STR("ab")));
	buf_done(&out);
}

static void
percent_reads_one_escape(void **state)
{
	(void)state;
	assert_int_equal(text_percent_value(STR("%2fx")), '/');
	assert_int_equal(text_percent_value(STR("%C2")), 0xc2);
	assert_int_equal(text_percent_value(STR("%0")), -1);
	assert_int_equal(text_percent_value(STR("%")), -1);
	assert_int_equal(text_percent_value(STR("%0g")), -1);
	assert_int_equal(text_percent_value(STR("a%20")), -1);
	assert_int_equal(text_percent_value(STR("")), -1);
}

static void
percent_keeps_what_it_is_told(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_true(text_add_percent(&out, STR("a/b c\x00~\xc3\xbc"), "/"));
	assert_string_equal(buf_z(&out), "a/b%20c%00~%C3%BC");
	buf_clear(&out);
	assert_true(text_add_percent(&out, STR("a/b&c"), ""));
	assert_string_equal(buf_z(&out), "a%2Fb%26c");
	buf_done(&out);
}

static void
uuid_of_the_one_form(void **state)
{
	(void)state;
	assert_true(text_is_uuid(STR("01234567-89ab-cdef-0123-456789abcdef")));
	assert_true(text_is_uuid(STR("01234567-89AB-CDEF-0123-456789ABCDEF")));
	assert_false(text_is_uuid(STR("01234567-89ab-cdef-0123-456789abcde")));
	assert_false(text_is_uuid(STR("01234567-89ab-cdef-0123-456789abcdef0")));
	assert_false(text_is_uuid(STR("0123456789ab-cdef-0123-456789abcdef00")));
	assert_false(text_is_uuid(STR("g1234567-89ab-cdef-0123-456789abcdef")));
	assert_false(text_is_uuid(STR("")));
}

static void
durations(void **state)
{
	int64_t s = -1;

	(void)state;
	assert_int_equal(text_duration(STR("90"), 100, &s), ERR_OK);
	assert_int_equal(s, 90);
	assert_int_equal(text_duration(STR("90s"), 100, &s), ERR_OK);
	assert_int_equal(s, 90);
	assert_int_equal(text_duration(STR("2m"), 1000, &s), ERR_OK);
	assert_int_equal(s, 120);
	assert_int_equal(text_duration(STR("3h"), 100000, &s), ERR_OK);
	assert_int_equal(s, 10800);
	assert_int_equal(text_duration(STR("1d"), 86400, &s), ERR_OK);
	assert_int_equal(s, 86400);
	assert_int_equal(text_duration(STR("0d"), 86400, &s), ERR_OK);
	assert_int_equal(s, 0);
	assert_int_equal(text_duration(STR("106751991167300d"), INT64_MAX, &s), ERR_OK);
}

static void
refuses_what_is_no_duration(void **state)
{
	static const char *const bad[] = { "",    "s",    "m1",  "-1s", "+1s",
					   "1 m", "1.5h", "01m", "1w",  "2dd" };
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(text_duration(str_of(bad[i]), INT64_MAX, &s),
				 ERR_SYNTAX);
	assert_int_equal(text_duration(STR("101"), 100, &s), ERR_LIMIT);
	assert_int_equal(text_duration(STR("106751991167301d"), INT64_MAX, &s),
			 ERR_LIMIT);
	assert_int_equal(text_duration(STR("2d"), 86400 + 86399, &s), ERR_LIMIT);
	assert_int_equal(text_duration(STR("1\0"), 100, &s), ERR_SYNTAX);
}

static void
nearest_name(void **state)
{
	static const struct row {
		const char *name;
		int more;
	} rows[] = { { "since", 1 },
		     { "json", 2 },
		     { "password-stdin", 3 },
		     { "passfile", 4 },
		     { NULL, 0 } };
	static const struct {
		const char *typed, *meant;
	} cases[] = {
		{ "json", "json" },
		{ "jsno", "json" },
		{ "jsn", "json" },
		{ "si", "since" },
		{ "sicne", "since" },
		{ "s", NULL },
		{ "pass", NULL },
		{ "passw", "password-stdin" },
		{ "x", NULL },
		{ "", NULL },
		{ "frobnicate", NULL },
		{ "ssince", "since" },
		{ "pasword-stdin", "password-stdin" },
	};
	char longer[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *found =
			text_nearest(str_of(cases[i].typed), rows, sizeof(*rows));

		if (cases[i].meant == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].meant);
	}
	memset(longer, 'a', sizeof(longer));
	assert_null(text_nearest((struct str){ longer, sizeof(longer) }, rows,
				 sizeof(*rows)));
	assert_null(text_nearest(STR("x"), &rows[4], sizeof(*rows)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_in_either_case),
		cmocka_unit_test(hex_of_every_byte),
		cmocka_unit_test(percent_reads_one_escape),
		cmocka_unit_test(percent_keeps_what_it_is_told),
		cmocka_unit_test(uuid_of_the_one_form),
		cmocka_unit_test(durations),
		cmocka_unit_test(refuses_what_is_no_duration),
		cmocka_unit_test(nearest_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
