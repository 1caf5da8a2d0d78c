#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/symlinks.h"

static char directory[64];
static char path[128];

static int
make_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/var/tmp/doorward-links-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	return rmdir(directory);
}

static void
knows_whether_a_link_is_on_the_way(void **state)
{
	char inside[256];

	(void)state;
	assert_false(symlinks_none(path));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(symlinks_none(path));
	assert_true(symlinks_none(directory));
	snprintf(inside, sizeof(inside), "%s/link", path);
	assert_int_equal(symlink(directory, inside), 0);
	assert_false(symlinks_none(inside));
	snprintf(inside, sizeof(inside), "%s/link/file", path);
	assert_false(symlinks_none(inside));
	snprintf(inside, sizeof(inside), "%s/link", path);
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(rmdir(path), 0);
}

/* What `base` and `rest` lead to, below the test's directory; NULL: not told. */
static const char *
resolved(const char *base, const char *rest, bool must_exist)
{
	static char text[512];
	char name[256];
	struct buf real;
	size_t n = strlen(directory);

	snprintf(name, sizeof(name), "%s%s", base, rest);
	buf_init(&real, 512);
	text[0] = '\0';
	if (symlinks_resolve(name, must_exist, &real))
		snprintf(text, sizeof(text), "%s", buf_z(&real));
	buf_done(&real);
	if (text[0] == '\0')
		return NULL;
	return strncmp(text, directory, n) == 0 ? text + n : text;
}

static void
follows_links_as_far_as_there_is_something(void **state)
{
	char inside[256], target[256];

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/link", directory);
	assert_int_equal(symlink(path, inside), 0);
	snprintf(target, sizeof(target), "%s", path + strlen(directory));
	assert_string_equal(resolved(directory, "/link", true), target);
	assert_string_equal(resolved(directory, "", true), "");
	assert_string_equal(resolved(directory, "/none/x", false), "/none/x");
	assert_string_equal(resolved(directory, "/link/../none/", false), "/none/");
	snprintf(target, sizeof(target), "%s/none/x", path + strlen(directory));
	assert_string_equal(resolved(directory, "/link/none/x", false), target);
	assert_string_equal(resolved("", "/nonexistent/x", false), "/nonexistent/x");
	assert_string_equal(resolved("", "/", false), "/");
	assert_null(resolved(directory, "/none", true));
	assert_null(resolved(directory, "/none/../link", false));
	assert_null(resolved("", "relative/x", false));
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(symlink("nowhere", inside), 0);
	assert_null(resolved(directory, "/link", false));
	assert_null(resolved(directory, "/link/x", false));
	assert_null(resolved(directory, "/link/", false));
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(symlink("link", inside), 0);
	assert_null(resolved(directory, "/link/x", false));
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(rmdir(path), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(knows_whether_a_link_is_on_the_way),
		TEST(follows_links_as_far_as_there_is_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
