#include "check.h"

#include <string.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/migrate.h"

static struct db_args args;

static int
setup(void **state)
{
	(void)state;
	db_args_init(&args);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	db_args_done(&args);
	return 0;
}

/* Parameter `i` as libpq gets it; NULL for SQL's. */
static const char *
value(int i)
{
	return args.arg[i].null ? NULL : args.text.p + args.arg[i].at;
}

static const struct {
	const char *given;
	const char *stored;
} addresses[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "::ffff:192.0.2.1", "192.0.2.1" }, /* or all of IPv4 were one /64 */
	{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
	{ "fe80::1%eth0", "fe80::1" },
	{ "", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.1:80", NULL },
	{ "192.0.2.01", NULL },
	{ "localhost", NULL },
	{ "unix:", NULL },
	{ "::1/64", NULL },
	{ "%eth0", NULL },
	{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", NULL },
};

static void
an_address_has_one_form_or_is_null(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		db_args_done(&args);
		db_args_init(&args);
		db_arg_address(&args, str_of(addresses[i].given));
		if (addresses[i].stored == NULL)
			assert_null(value(0));
		else
			assert_string_equal(value(0), addresses[i].stored);
		assert_int_equal(args.failed, ERR_OK);
	}
}

static void
a_uuid_is_one_or_null(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"01234567-89ab-cdef-0123-456789abcde",
		"01234567-89ab-cdef-0123-456789abcdef0",
		"01234567-89ab-cdef-0123-456789abcdeg",
		"0123456789ab-cdef-0123-456789abcdef01",
		"{1234567-89ab-cdef-0123-456789abcde}",
	};

	(void)state;
	db_arg_uuid(&args, STR("01234567-89ab-CDEF-0123-456789abcdef"));
	assert_string_equal(value(0), "01234567-89ab-CDEF-0123-456789abcdef");
	for (size_t i = 0; i < COUNT(bad); i++) {
		db_arg_uuid(&args, str_of(bad[i]));
		assert_null(value((int)i + 1));
	}
}

static void
text_with_nul_or_bad_utf8_is_refused(void **state)
{
	(void)state;
	db_arg_text(&args, STR("good \xc3\xa4"));
	assert_int_equal(args.failed, ERR_OK);
	db_arg_text(&args, STR("a\0b"));
	assert_int_equal(args.failed, ERR_SYNTAX);
	/* and the call is not made: there is no database here */
	assert_int_equal(db_query(NULL, "select 1", &args, NULL, NULL), ERR_SYNTAX);
	db_args_init(&args);
	db_arg_text(&args, STR("\xff"));
	assert_int_equal(args.failed, ERR_SYNTAX);
}

static void
a_label_is_cut_between_characters_or_dropped(void **state)
{
	(void)state;
	db_arg_label(&args, STR("Mozilla"), 10);
	db_arg_label(&args, STR("12345678\xc3\xa4\xc3\xa4"), 9);
	db_arg_label(&args, STR("12345678\xc3\xa4\xc3\xa4"), 10);
	db_arg_label(&args, STR("\xff\xfe"), 10);
	db_arg_label(&args, STR("a\nb"), 10);
	db_arg_label(&args, STR("a\0b"), 10);
	db_arg_label(&args, STR(""), 10);
	db_arg_label(&args, (struct str){ NULL, 0 }, 10);
	assert_string_equal(value(0), "Mozilla");
	assert_string_equal(value(1), "12345678");
	assert_string_equal(value(2), "12345678\xc3\xa4");
	for (int i = 3; i < 8; i++)
		assert_null(value(i));
	assert_int_equal(args.failed, ERR_OK);
}

static void
words_are_quoted_as_an_array(void **state)
{
	const struct str words[] = { STR("a"), STR("b c"), STR("\"\\,}") };

	(void)state;
	db_arg_words(&args, words, 3);
	db_arg_words(&args, NULL, 0);
	assert_string_equal(value(0), "{\"a\",\"b c\",\"\\\"\\\\,}\"}");
	assert_string_equal(value(1), "{}");
}

static void
the_rest_is_written_plainly(void **state)
{
	(void)state;
	db_arg_bytes(&args, STR("\x00\xff"));
	db_arg_bytes(&args, STR(""));
	db_arg_int(&args, -7);
	db_arg_bool(&args, true);
	db_arg_text_or_null(&args, STR(""));
	assert_string_equal(value(0), "\\x00ff");
	assert_null(value(1));
	assert_string_equal(value(2), "-7");
	assert_string_equal(value(3), "t");
	assert_null(value(4));
}

static void
too_many_parameters_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < DB_ARGS_MAX; i++)
		db_arg_int(&args, i);
	assert_int_equal(args.failed, ERR_OK);
	db_arg_int(&args, 1);
	assert_int_equal(args.failed, ERR_LIMIT);
}

static void
conninfo_without_a_password_only(void **state)
{
	static const char *const bad[] = { "host=x password=y", "host=x sslpassword=y",
					   "postgresql://u:secret@host/db" };
	struct why why;
	struct db *db;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(db_open(&db, bad[i], "test", &embedded_schema, &why),
				 ERR_PERMISSION);
		assert_null(db);
		assert_non_null(strstr(why.text, "passfile"));
		assert_null(strstr(why.text, "secret"));
	}
	assert_int_equal(db_open(&db, "nonsense", "test", &embedded_schema, &why),
			 ERR_SYNTAX);
	assert_int_equal(db_open(&db, "no_such_word=1", "test", &embedded_schema, &why),
			 ERR_SYNTAX);
	assert_int_equal(
		db_open(&db, "host=a,b,c,d,e,f,g,h,i", "test", &embedded_schema, &why),
		ERR_LIMIT);
	db_close(NULL);
}

static void
a_conninfo_names_its_role(void **state)
{
	char user[8];

	(void)state;
	db_user("host=x user=ann", user, sizeof(user));
	assert_string_equal(user, "ann");
	db_user("postgresql://bob@host/db", user, sizeof(user));
	assert_string_equal(user, "bob");
	db_user("host=x", user, sizeof(user));
	assert_string_equal(user, "");
	db_user("user=too_long_for_it", user, sizeof(user));
	assert_string_equal(user, "");
	db_user("nonsense", user, sizeof(user));
	assert_string_equal(user, "");
}

static void
a_failure_is_not_paid_for_again_at_once(void **state)
{
	int64_t start;
	struct why why;
	struct db *db;

	(void)state;
	assert_int_equal(
		db_open(&db, "host=/nonexistent", "test", &embedded_schema, &why),
		ERR_OK);
	assert_int_equal(db_query(db, "select 1", NULL, NULL, &why), ERR_DATABASE);
	start = clock_monotonic_ms();
	assert_int_equal(db_query(db, "select 1", NULL, NULL, &why), ERR_DATABASE);
	assert_non_null(strstr(why.text, "a moment ago"));
	assert_true(clock_monotonic_ms() - start < 100);
	db_close(db);
}

static void
the_migrations_are_compiled_in(void **state)
{
	(void)state;
	assert_true(embedded_schema.number >= 5);
}

#define ARGS_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARGS_TEST(an_address_has_one_form_or_is_null),
		ARGS_TEST(a_uuid_is_one_or_null),
		ARGS_TEST(text_with_nul_or_bad_utf8_is_refused),
		ARGS_TEST(a_label_is_cut_between_characters_or_dropped),
		ARGS_TEST(words_are_quoted_as_an_array),
		ARGS_TEST(the_rest_is_written_plainly),
		ARGS_TEST(too_many_parameters_are_refused),
		cmocka_unit_test(conninfo_without_a_password_only),
		cmocka_unit_test(a_conninfo_names_its_role),
		cmocka_unit_test(a_failure_is_not_paid_for_again_at_once),
		cmocka_unit_test(the_migrations_are_compiled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
