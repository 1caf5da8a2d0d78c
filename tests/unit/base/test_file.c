#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/secret.h"

static const struct file_access private_access = { 0600, FILE_ANYONE, FILE_ANYONE };
static const struct file_access public_access = { 0644, FILE_ANYONE, FILE_ANYONE };

static char directory[64];
static char path[128];

static int
make_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/var/tmp/doorward-file-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

static void
assert_holds(const char *text, mode_t mode)
{
	struct buf b;
	mode_t found;

	buf_init(&b, 1000);
	assert_int_equal(secret_read_any(path, 1000, &b, &found, NULL), ERR_OK);
	assert_true(str_is(buf_str(&b), text));
	assert_int_equal(found & 07777, mode);
	buf_done(&b);
}

static size_t
count_files(void)
{
	DIR *d = opendir(directory);
	size_t n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
replaces_what_was_there(void **state)
{
	(void)state;
	assert_int_equal(file_replace(path, STR("one"), &private_access, NULL), ERR_OK);
	assert_holds("one", 0600);
	assert_int_equal(file_replace(path, STR(""), &public_access, NULL), ERR_OK);
	assert_holds("", 0644);
	assert_int_equal(count_files(), 1);
}

static void
creates_only_what_is_new(void **state)
{
	(void)state;
	assert_int_equal(file_create(path, STR("one"), &private_access, NULL), ERR_OK);
	assert_int_equal(file_create(path, STR("two"), &public_access, NULL), ERR_EXISTS);
	assert_holds("one", 0600);
	assert_int_equal(count_files(), 1);
}

/* A reader that has the old file open keeps it whole. */
static void
leaves_the_old_file_to_its_readers(void **state)
{
	char text[8] = "";
	FILE *f;

	(void)state;
	file_replace(path, STR("one"), &private_access, NULL);
	f = fopen(path, "r");
	file_replace(path, STR("two"), &private_access, NULL);
	assert_int_equal(fread(text, 1, sizeof(text), f), 3);
	assert_string_equal(text, "one");
	fclose(f);
	assert_holds("two", 0600);
}

static void
takes_the_place_of_a_link_and_not_of_what_it_names(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(symlink("/nonexistent", path), 0);
	assert_int_equal(file_create(path, STR("x"), &private_access, NULL), ERR_EXISTS);
	assert_int_equal(file_replace(path, STR("x"), &private_access, NULL), ERR_OK);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void
leaves_nothing_behind_where_it_fails(void **state)
{
	char inside[160];
	struct why why = { "" };

	(void)state;
	snprintf(inside, sizeof(inside), "%s/none/file", directory);
	assert_int_equal(file_replace(inside, STR("x"), &private_access, &why), ERR_IO);
	assert_non_null(strstr(why.text, inside));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(file_replace(path, STR("x"), &private_access, &why), ERR_IO);
	assert_int_equal(count_files(), 1);
	assert_int_equal(rmdir(path), 0);
}

static void
reads_a_file_that_is_as_long_as_allowed(void **state)
{
	struct why why = { "" };
	struct buf b;

	(void)state;
	file_replace(path, STR("12345678"), &private_access, NULL);
	buf_init(&b, 100);
	buf_addz(&b, "before ");
	assert_int_equal(file_read(path, 8, &b, NULL, &why), ERR_OK);
	assert_string_equal(buf_z(&b), "before 12345678");
	assert_int_equal(file_read(path, 7, &b, NULL, &why), ERR_LIMIT);
	assert_non_null(strstr(why.text, path));
	assert_string_equal(buf_z(&b), "before 12345678"); /* as it was */
	buf_done(&b);
	buf_init(&b, 8); /* the buffer's own ceiling */
	assert_int_equal(file_read(path, 100, &b, NULL, &why), ERR_OK);
	buf_done(&b);
	buf_init(&b, 7);
	assert_int_equal(file_read(path, 100, &b, NULL, &why), ERR_LIMIT);
	assert_int_equal(b.n, 0);
	buf_done(&b);
	file_replace(path, STR(""), &private_access, NULL);
	buf_init(&b, 7);
	assert_int_equal(file_read(path, 7, &b, NULL, &why), ERR_OK);
	assert_int_equal(b.n, 0);
	buf_done(&b);
}

static void
tells_what_is_wrong_from_what_may_pass(void **state)
{
	char inside[160], long_name[5000];
	struct rlimit limit, none;
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	snprintf(inside, sizeof(inside), "%s/inside", path);
	assert_int_equal(file_read(path, 8, &b, NULL, NULL), ERR_NOT_FOUND);
	file_replace(path, STR("x"), &private_access, NULL);
	assert_int_equal(file_read(inside, 8, &b, NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(file_read(directory, 8, &b, NULL, NULL), ERR_PERMISSION);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(file_read(long_name, 8, &b, NULL, NULL), ERR_NOT_FOUND);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read(path, 8, &b, NULL, NULL), ERR_PERMISSION);
	unlink(path);
	assert_int_equal(symlink(path, path), 0);
	assert_int_equal(file_read(path, 8, &b, NULL, NULL), ERR_PERMISSION);
	unlink(path);
	file_replace(path, STR("x"), &private_access, NULL);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(file_read(path, 8, &b, NULL, NULL), ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(file_read(path, 8, &b, NULL, NULL), ERR_OK);
	buf_done(&b);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(replaces_what_was_there),
		TEST(creates_only_what_is_new),
		TEST(leaves_the_old_file_to_its_readers),
		TEST(takes_the_place_of_a_link_and_not_of_what_it_names),
		TEST(leaves_nothing_behind_where_it_fails),
		TEST(reads_a_file_that_is_as_long_as_allowed),
		TEST(tells_what_is_wrong_from_what_may_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
