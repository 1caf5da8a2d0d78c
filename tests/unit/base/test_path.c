#include "check.h"

#include <string.h>

#include "base/path.h"

static void
decodes_a_path_once(void **state)
{
	static const struct {
		const char *target, *path;
	} rows[] = {
		{ "/", "/" },
		{ "/members/", "/members/" },
		{ "/members/a.html?x=/../y%00", "/members/a.html" },
		{ "/my%20files/%C3%A9t%c3%a9", "/my files/\xc3\xa9t\xc3\xa9" },
		{ "/%6Dembers", "/members" },
		{ "/a%3Fb", "/a?b" },
		{ "/100%25", "/100%" },
		{ "/a%25zz", "/a%zz" },
		{ "/~ann/.well-known/x", "/~ann/.well-known/x" },
		{ "/a..b/...c", "/a..b/...c" },
		{ "/a:b@c!$&'()*+,=", "/a:b@c!$&'()*+,=" },
	};
	const char *reason;
	struct buf path;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_init(&path, 256);
		assert_true(path_canonical(str_of(rows[i].target), &path, &reason));
		assert_null(reason);
		assert_string_equal(buf_z(&path), rows[i].path);
		buf_done(&path);
	}
}

static void
refuses_what_two_readers_could_read_differently(void **state)
{
	static const char *const bad[] = {
		"",
		"*",
		"members",
		"?x",
		"http://host/members",
		"//members",
		"/members//x",
		"/a//",
		"/./members",
		"/members/.",
		"/members/..",
		"/public/../members",
		"/public/%2e%2e/members",
		"/public/.%2E/members",
		"/%2e/members",
		"/members/.../x",
		"/members./x",
		"/members%20/x",
		"/members/a.",
		"/members/a%20",
		"/public/..;/members",
		"/members;v=1/x",
		"/members%3bx",
		"/public%2fmembers",
		"/public%2Fmembers",
		"/public\\members",
		"/public%5cmembers",
		"/public%5Cmembers",
		"/members%00",
		"/members%0a",
		"/members%7f",
		"/x%C2%87",
		"/x%c2%9B31m",
		"/x\xc2\x85y",
		"/x%E2%80%AEgnp.exe",
		"/x%e2%80%a8y",
		"/x%e2%81%a6y",
		"/mem\tbers",
		"/a\x01",
		"/a#b",
		"/a%23b%",
		"/a%",
		"/a%4",
		"/a%zz",
		"/a%2",
		"/%256dembers",
		"/a%252fb",
		"/a%25%32%66",
		"/\xff",
		"/%ff",
		"/%c0%af",
		"/%c0%ae%c0%ae/members",
		"/%ed%a0%80",
		"/%e0%80%af",
	};
	const char *reason;
	struct buf path;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		buf_init(&path, PATH_MAX_BYTES);
		if (path_canonical(str_of(bad[i]), &path, &reason))
			fail_msg("accepted %s", bad[i]);
		assert_non_null(reason);
		assert_int_equal(path.n, 0);
		buf_done(&path);
	}
	buf_init(&path, PATH_MAX_BYTES);
	assert_false(path_canonical((struct str){ "/a\0b", 4 }, &path, &reason));
	buf_done(&path);
}

static void
refuses_a_path_over_its_limit_whole(void **state)
{
	char long_path[PATH_MAX_BYTES + 2];
	const char *reason;
	struct buf path;

	(void)state;
	memset(long_path, 'a', sizeof(long_path));
	long_path[0] = '/';
	buf_init(&path, sizeof(long_path));
	assert_false(path_canonical((struct str){ long_path, PATH_MAX_BYTES + 1 }, &path,
				    &reason));
	assert_string_equal(reason, "too long");
	assert_true(path_canonical((struct str){ long_path, PATH_MAX_BYTES }, &path,
				   &reason));
	assert_int_equal(path.n, PATH_MAX_BYTES);
	buf_done(&path);
}

static void
finds_the_query(void **state)
{
	(void)state;
	assert_true(str_is(path_query(STR("/a?b=c?d")), "b=c?d"));
	assert_true(str_is(path_query(STR("/a?")), ""));
	assert_true(str_is(path_query(STR("/a")), ""));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_a_path_once),
		cmocka_unit_test(refuses_what_two_readers_could_read_differently),
		cmocka_unit_test(refuses_a_path_over_its_limit_whole),
		cmocka_unit_test(finds_the_query),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
