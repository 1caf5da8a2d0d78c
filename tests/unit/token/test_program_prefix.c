#include "token/program_prefix.h"

#include <string.h>

#include "check.h"

/* The stored form of `text`, or NULL if it is refused. */
static bool
reads_as(const char *text, const char *form)
{
	const char *reason = NULL;
	struct buf out;
	bool good;

	buf_init(&out, PROGRAM_PREFIX_MAX);
	good = program_prefix_read(str_of(text), &out, &reason);
	if (form == NULL)
		good = !good && out.n == 0 && reason != NULL;
	else
		good = good && str_is(buf_str(&out), form);
	buf_done(&out);
	return good;
}

static void
a_path_has_one_form(void **state)
{
	(void)state;
	assert_true(reads_as("/dav", "/dav"));
	assert_true(reads_as("/dav/", "/dav"));
	assert_true(reads_as("/a/b.c/~d_e-f", "/a/b.c/~d_e-f"));
	assert_true(reads_as("/my files", "/my%20files"));
	assert_true(reads_as("/my%20files/", "/my%20files"));
	assert_true(reads_as("/caf\xc3\xa9", "/caf%C3%A9"));
	assert_true(reads_as("/caf%C3%A9", "/caf%C3%A9"));
	assert_true(reads_as("/a+b@c:d=e", "/a+b@c:d=e"));
}

static void
refuses_what_could_be_read_in_two_ways(void **state)
{
	static const char *const bad[] = {
		"",
		"/",
		"//",
		"dav",
		"a/b",
		"//dav",
		"/a//b",
		"/dav//",
		"/..",
		"/a/..",
		"/a/../b",
		"/./a",
		"/a.",
		"/a?b",
		"/a?",
		"/a#b",
		"/a;b",
		"/a\\b",
		"/%2e%2e",
		"/%2E/a",
		"/a%2fb",
		"/a%5cb",
		"/%64av",
		"/a%2eb",
		"/caf%c3%a9",
		"/a%",
		"/a%zz",
		"/a%00b",
		"/a\x01"
		"b",
		"/a\xff",
		"http://example.org/a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!reads_as(bad[i], NULL))
			fail_msg("accepted: %s", bad[i]);
}

static void
refuses_more_than_the_database_keeps(void **state)
{
	char path[PROGRAM_PREFIX_MAX + 2];

	(void)state;
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[PROGRAM_PREFIX_MAX + 1] = '\0';
	assert_true(reads_as(path, NULL));
	path[PROGRAM_PREFIX_MAX] = '\0';
	assert_true(reads_as(path, path));
}

static void
admits_the_path_and_what_is_below(void **state)
{
	static const struct {
		const char *prefix, *uri;
		bool admits;
	} rows[] = {
		{ "/dav", "/dav", true },
		{ "/dav", "/dav/", true },
		{ "/dav", "/dav/a/b?c=/..", true },
		{ "/dav", "/%64av/a", true },
		{ "/my%20files", "/my%20files/a", true },
		{ "/dav", "/davx", false },
		{ "/dav", "/", false },
		{ "/dav", "/x/dav", false },
		{ "/dav", "/Dav", false },
		{ "/dav", "/dav/../x", false },
		{ "/dav", "/dav/%2e%2e/x", false },
		{ "/dav", "//dav", false },
		{ "/dav", "", false },
		{ "/dav/a", "/dav", false },
		{ "/dav", "http://x/dav", false },
		{ "/", "/", false },
		{ "", "/dav", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (program_prefix_admits(str_of(rows[i].prefix), str_of(rows[i].uri)) !=
		    rows[i].admits)
			fail_msg("%s, %s", rows[i].prefix, rows[i].uri);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_has_one_form),
		cmocka_unit_test(refuses_what_could_be_read_in_two_ways),
		cmocka_unit_test(refuses_more_than_the_database_keeps),
		cmocka_unit_test(admits_the_path_and_what_is_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
