#include "check.h"

#include <string.h>

#include "http/cookie.h"

static const struct cookie access_cookie = { .name = "doorward", .path = "/" };

static void
the_name_says_where_the_cookie_reaches(void **state)
{
	static const struct {
		struct cookie cookie;
		const char *name, *set;
	} table[] = {
		{ { "doorward", "/", { 0 }, false },
		  "__Host-doorward",
		  "__Host-doorward=v; Path=/; Max-Age=60; Secure; HttpOnly; "
		  "SameSite=Lax" },
		{ { "doorward-session", "/login", { 0 }, false },
		  "__Secure-doorward-session",
		  "__Secure-doorward-session=v; Path=/login; Max-Age=60; Secure; "
		  "HttpOnly; "
		  "SameSite=Lax" },
		{ { "doorward", "/", { "example.org", 11 }, false },
		  "__Secure-doorward",
		  "__Secure-doorward=v; Path=/; Domain=example.org; Max-Age=60; Secure; "
		  "HttpOnly; SameSite=Lax" },
		{ { "doorward", "/", { 0 }, true },
		  "doorward",
		  "doorward=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct buf b;

		buf_init(&b, 200);
		assert_true(cookie_name(&table[i].cookie, &b));
		assert_string_equal(buf_z(&b), table[i].name);
		buf_clear(&b);
		assert_true(cookie_set(&table[i].cookie, STR("v"), 60, &b));
		assert_string_equal(buf_z(&b), table[i].set);
		buf_done(&b);
	}
}

static void
a_cleared_cookie_is_empty_and_over(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 200);
	assert_true(cookie_clear(&access_cookie, &b));
	assert_string_equal(buf_z(&b), "__Host-doorward=; Path=/; Max-Age=0; Secure; "
				       "HttpOnly; SameSite=Lax");
	buf_clear(&b);
	assert_true(cookie_set(&access_cookie, STR("v"), -1, &b));
	assert_string_equal(buf_z(&b),
			    "__Host-doorward=v; Path=/; Secure; HttpOnly; SameSite=Lax");
	buf_done(&b);
}

/* Browsers drop such a cookie without a word. */
static void
refuses_to_write_what_browsers_would_drop(void **state)
{
	char value[COOKIE_MAX];
	size_t name = strlen("__Host-doorward");
	struct buf b;

	(void)state;
	memset(value, 'a', sizeof(value));
	buf_init(&b, 8192);
	assert_true(cookie_set(&access_cookie, (struct str){ value, COOKIE_MAX - name },
			       1, &b));
	assert_false(cookie_set(&access_cookie,
				(struct str){ value, COOKIE_MAX - name + 1 }, 1, &b));
	assert_true(b.failed);
	buf_done(&b);
}

static void
refuses_to_write_what_would_break_the_header(void **state)
{
	static const char *const bad[] = { "a;b",  "a b",    "a,b",  "a\"b",
					   "a\\b", "a\r\nb", "\x7f", "\xc3\xa9" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf b;

		buf_init(&b, 200);
		assert_false(cookie_set(&access_cookie, str_of(bad[i]), 1, &b));
		assert_true(b.failed);
		buf_done(&b);
	}
	for (size_t i = 0; i < 2; i++) {
		struct cookie c = { .name = "n", .path = i == 0 ? "/;x" : "x" };
		struct buf b;

		buf_init(&b, 200);
		assert_false(cookie_set(&c, STR("v"), 1, &b));
		buf_done(&b);
	}
}

static void
finds_the_one_cookie_of_its_name(void **state)
{
	static const char *const good[] = {
		"__Host-doorward=t.o-k_n",
		"a=1; __Host-doorward=t.o-k_n",
		"__Host-doorward=t.o-k_n; b=2",
		"a=x,y; __Host-doorward=t.o-k_n; b=\"q\"",
		"__host-doorward=planted; doorward=planted; __Host-doorward=t.o-k_n",
		"x__Host-doorward=no;__Host-doorward=t.o-k_n",
		"x=__Host-doorward=no; __Host-doorward=t.o-k_n",
	};
	struct str value;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(cookie_find(&access_cookie, str_of(good[i]), &value),
				 COOKIE_ONE);
		assert_true(str_is(value, "t.o-k_n"));
	}
}

static void
does_not_find_what_is_not_there(void **state)
{
	static const char *const none[] = { "",
					    ";",
					    "a=1",
					    "doorward=x",
					    "__Host-doorwar=x",
					    "__Host-doorward2=x",
					    "=__Host-doorward" };
	struct str value = STR("left over");

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		assert_int_equal(cookie_find(&access_cookie, str_of(none[i]), &value),
				 COOKIE_ABSENT);
		assert_int_equal(value.n, 0);
	}
}

static void
refuses_planted_duplicate(void **state)
{
	static const char *const bad[] = {
		"__Host-doorward=a; __Host-doorward=b",
		"__Host-doorward=a; __Host-doorward=a",
		"__Host-doorward=a;__Host-doorward",
		"__Host-doorward=a; x=1; __Host-doorward =b",
		/* two Cookie headers as Apache merges them */
		"__Host-doorward=a, __Host-doorward=b",
		"__Host-doorward=a, x=1",
		"x=1, __Host-doorward=a",
		"x=1, __Host-doorward=a; __Host-doorward=b",
		"__Host-doorward=a,",
		"__Host-doorward=a; x=1, __Host-doorward=b; y=2",
	};
	struct str value;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(cookie_find(&access_cookie, str_of(bad[i]), &value),
				 COOKIE_BAD);
		assert_int_equal(value.n, 0);
	}
}

static void
refuses_bytes_that_no_cookie_has(void **state)
{
	static const char *const bad[] = { "__Host-doorward=\"a\"", "__Host-doorward=a b",
					   "__Host-doorward=a\x01",
					   "__Host-doorward=\xff",
					   "__Host-doorward=a\\b" };
	struct str value;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(cookie_find(&access_cookie, str_of(bad[i]), &value),
				 COOKIE_BAD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_says_where_the_cookie_reaches),
		cmocka_unit_test(a_cleared_cookie_is_empty_and_over),
		cmocka_unit_test(refuses_to_write_what_browsers_would_drop),
		cmocka_unit_test(refuses_to_write_what_would_break_the_header),
		cmocka_unit_test(finds_the_one_cookie_of_its_name),
		cmocka_unit_test(does_not_find_what_is_not_there),
		cmocka_unit_test(refuses_planted_duplicate),
		cmocka_unit_test(refuses_bytes_that_no_cookie_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
