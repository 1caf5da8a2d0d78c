#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/state.h"

static char directory[64], name[96];
static struct why why;

static int
setup(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/test_state.XXXXXX");
	snprintf(name, sizeof(name), "%s/one", mkdtemp(directory));
	return 0;
}

static int
teardown(void **state)
{
	char link[96];

	(void)state;
	snprintf(link, sizeof(link), "%s/link", directory);
	unlink(link);
	unlink(name);
	return rmdir(directory);
}

static enum err
open_it(void)
{
	struct state s;
	enum err e = state_open(directory, false, &s, &why);

	state_close(&s);
	return e;
}

static enum err
open_file(mode_t *mode)
{
	struct state s;
	struct stat st;
	int fd = -1;
	enum err e;

	assert_int_equal(state_open(directory, false, &s, &why), ERR_OK);
	e = state_file(&s, "one", &fd, &why);
	if (e == ERR_OK) {
		assert_int_equal(fstat(fd, &st), 0);
		*mode = st.st_mode & 07777;
		assert_int_not_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
		close(fd);
	} else {
		assert_int_equal(fd, -1);
	}
	state_close(&s);
	return e;
}

static void
refuses_a_directory_that_lets_others_in(void **state)
{
	static const mode_t bad[] = { 0701, 0704, 0702, 0755,  0777,  01777, 0750,
				      0770, 0710, 0720, 02750, 02771, 02775, 03777 };
	static const mode_t good[] = { 0700, 01700, 02700, 02770 };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(chmod(directory, bad[i]), 0);
		assert_int_equal(open_it(), ERR_PERMISSION);
		assert_non_null(strstr(why.text, "mode 0700"));
	}
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(chmod(directory, good[i]), 0);
		assert_int_equal(open_it(), ERR_OK);
	}
}

static void
refuses_what_is_no_directory_of_its_own(void **state)
{
	char link[96];
	struct state s;

	(void)state;
	snprintf(link, sizeof(link), "%s/link", directory);
	assert_int_equal(symlink("/tmp", link), 0);
	assert_int_not_equal(state_open(link, false, &s, &why), ERR_OK);
	assert_int_equal(s.fd, -1);
	assert_int_equal(state_open("/dev/null", false, &s, &why), ERR_NOT_FOUND);
	assert_int_equal(state_open("/nonexistent", false, &s, &why), ERR_NOT_FOUND);
	assert_int_equal(state_open(NULL, false, &s, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "state_dir is not set"));
}

/* As an unprivileged user; root does not know for whom it would be. */
static void
a_missing_directory_is_made_for_its_user(void **state)
{
	enum err expected = geteuid() == 0 ? ERR_NOT_FOUND : ERR_OK;
	struct state s;
	struct stat st;

	(void)state;
	assert_int_equal(state_open(name, false, &s, &why), ERR_NOT_FOUND);
	assert_int_equal(state_open(name, true, &s, &why), expected);
	if (expected == ERR_OK) {
		assert_int_equal(fstat(s.fd, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
		assert_int_equal(rmdir(name), 0);
	}
	state_close(&s);
}

static void
makes_files_for_those_whom_the_directory_is_for(void **state)
{
	mode_t mode = 0, mask = umask(077);

	(void)state;
	assert_int_equal(open_file(&mode), ERR_OK);
	assert_int_equal(mode, 0600);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(chmod(directory, 02770), 0);
	assert_int_equal(open_file(&mode), ERR_OK);
	assert_int_equal(mode, 0660);
	assert_int_equal(open_file(&mode), ERR_OK);
	umask(mask);
}

static void
refuses_a_file_that_others_can_open(void **state)
{
	static const mode_t bad[] = { 0604, 0602, 0640, 0620, 0666 };
	mode_t mode = 0;

	(void)state;
	assert_int_equal(open_file(&mode), ERR_OK);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(chmod(name, bad[i]), 0);
		assert_int_equal(open_file(&mode), ERR_PERMISSION);
	}
}

static void
refuses_a_link_a_second_name_and_a_pipe(void **state)
{
	char link_name[96];
	mode_t mode = 0;

	(void)state;
	assert_int_equal(symlink("/dev/null", name), 0);
	assert_int_equal(open_file(&mode), ERR_PERMISSION);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(open_file(&mode), ERR_PERMISSION);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(open_file(&mode), ERR_OK);
	snprintf(link_name, sizeof(link_name), "%s/link", directory);
	assert_int_equal(link(name, link_name), 0);
	assert_int_equal(open_file(&mode), ERR_PERMISSION);
}

/* Run as root only: what the command makes, the programs' user can open. */
static void
what_root_makes_belongs_to_the_directorys_owner(void **state)
{
	struct stat st;
	mode_t mode;

	(void)state;
	if (geteuid() != 0) {
		assert_int_equal(open_file(&mode), ERR_OK);
		return;
	}
	assert_int_equal(chown(directory, 12345, 54321), 0);
	assert_int_equal(open_file(&mode), ERR_OK);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 54321);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses_a_directory_that_lets_others_in,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_directory_of_its_own,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_missing_directory_is_made_for_its_user,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			makes_files_for_those_whom_the_directory_is_for, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_file_that_others_can_open,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_link_a_second_name_and_a_pipe,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_root_makes_belongs_to_the_directorys_owner, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
