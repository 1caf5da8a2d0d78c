/*
 * Where lines go when the disk is full, the file was rotated, or the setting is gone.
 */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static char directory[64], path[128], old[128];
static char errors[16384]; /* what went to stderr */
static int real_stderr, errors_fd;

static int
make_directory(void **state)
{
	int ends[2];

	(void)state;
	strcpy(directory, "/var/tmp/doorward-log-XXXXXX");
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chmod(directory, 0777), 0);
	snprintf(path, sizeof(path), "%s/log", directory);
	snprintf(old, sizeof(old), "%s/log.1", directory);
	real_stderr = dup(STDERR_FILENO);
	assert_int_equal(pipe2(ends, O_NONBLOCK),
			 0); /* a limit for files is none for it */
	errors_fd = ends[0];
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	close(ends[1]);
	errors[0] = '\0';
	log_open("test", LOG_INFO);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	assert_int_equal(log_to_file(NULL, NULL), ERR_OK);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(errors_fd);
	unlink(path);
	unlink(old);
	return rmdir(directory);
}

static const char *
text_of(const char *name)
{
	static char text[16384];
	int fd = open(name, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static unsigned
count_in(const char *text, const char *word)
{
	unsigned n = 0;

	for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
		n++;
	return n;
}

static unsigned
count(const char *name, const char *word)
{
	return count_in(text_of(name), word);
}

static unsigned
count_errors(const char *word)
{
	size_t had = strlen(errors);
	ssize_t n = read(errors_fd, errors + had, sizeof(errors) - had - 1);

	errors[had + (n > 0 ? (size_t)n : 0)] = '\0';
	return count_in(errors, word);
}

static void
start(void)
{
	struct why why = { "" };

	assert_int_equal(log_to_file(path, &why), ERR_OK);
}

/* The file may have so many bytes and no more: as full as a disk can be. */
static void
allow_bytes(rlim_t n)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = n == 0 ? limit.rlim_max : n;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static rlim_t
size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return (rlim_t)st.st_size;
}

/* Each line of the file but a torn one begins as a line does. */
static void
assert_lines(unsigned whole)
{
	assert_int_equal(count(path, "\ntime=") + 1, whole);
	assert_null(strstr(text_of(path), "\n\n"));
}

static void
a_full_disk_costs_the_lines_of_that_time(void **state)
{
	(void)state;
	start();
	LOG(LOG_INFO, "before");
	allow_bytes(size_of(path));
	LOG(LOG_INFO, "while_full");
	LOG(LOG_INFO, "while_full");
	allow_bytes(0);
	LOG(LOG_INFO, "after");
	assert_int_equal(count(path, "event=before"), 1);
	assert_int_equal(count(path, "event=after"), 1);
	assert_int_equal(count(path, "event=while_full"), 0);
	assert_int_equal(count_errors("event=while_full"), 2);
	assert_int_equal(count_errors("event=after"), 0);
	assert_int_equal(count_errors("event=log_not_written"), 1);
	assert_lines(2);
}

static void
the_line_after_a_torn_one_begins_a_line(void **state)
{
	(void)state;
	start();
	LOG(LOG_INFO, "before");
	allow_bytes(size_of(path) + 10);
	LOG(LOG_INFO, "torn");
	assert_int_equal(count_errors("event=torn"), 1); /* whole there */
	allow_bytes(0);
	LOG(LOG_INFO, "after");
	LOG(LOG_INFO, "last");
	assert_lines(4); /* of which one is torn */
}

/* The process that wrote half a line may never write again. */
static void
another_process_ends_a_torn_line(void **state)
{
	(void)state;
	start();
	LOG(LOG_INFO, "before");
	allow_bytes(size_of(path) + 10);
	LOG(LOG_INFO, "torn");
	allow_bytes(0);
	start(); /* knows nothing of it */
	LOG(LOG_INFO, "after");
	assert_lines(3);
}

/* Where the file may be written and not read, the one that tore it knows. */
static void
ends_a_torn_line_of_a_file_that_it_may_not_read(void **state)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0222);
	bool root = geteuid() == 0;

	(void)state;
	assert_true(fd >= 0 && fchmod(fd, 0222) == 0);
	close(fd);
	assert_true(!root || seteuid(65534) == 0);
	start();
	LOG(LOG_INFO, "before");
	allow_bytes(size_of(path) + 10);
	LOG(LOG_INFO, "torn");
	allow_bytes(0);
	LOG(LOG_INFO, "after");
	assert_true(!root || seteuid(0) == 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_lines(3);
}

static void
follows_a_rotation(void **state)
{
	(void)state;
	start();
	LOG(LOG_INFO, "first");
	assert_int_equal(rename(path, old), 0);
	LOG(LOG_INFO, "second");
	assert_int_equal(count(old, "event=first"), 1);
	assert_int_equal(count(path, "event=second"), 1);
	/* as logrotate's «create» does */
	assert_int_equal(rename(path, old), 0);
	close(open(path, O_WRONLY | O_CREAT, 0644));
	LOG(LOG_INFO, "third");
	assert_int_equal(count(path, "event=third"), 1);
	/* as «copytruncate» does */
	assert_int_equal(truncate(path, 0), 0);
	LOG(LOG_INFO, "fourth");
	assert_int_equal(count(path, "event=fourth"), 1);
	assert_lines(1);
	assert_int_equal(unlink(path), 0);
	LOG(LOG_INFO, "fifth");
	assert_int_equal(count(path, "event=fifth"), 1);
	assert_int_equal(count_errors("event"), 0);
}

static void
writes_to_stderr_until_there_can_be_a_file_again(void **state)
{
	(void)state;
	start();
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	LOG(LOG_INFO, "lost");
	LOG(LOG_INFO, "lost");
	assert_int_equal(count_errors("event=lost"), 2);
	assert_int_equal(count_errors("event=log_not_written"), 1);
	assert_int_equal(rmdir(path), 0);
	LOG(LOG_INFO, "found");
	assert_int_equal(count(path, "event=found"), 1);
	assert_int_equal(count_errors("event=found"), 0);
}

static void
without_the_setting_lines_go_to_stderr_again(void **state)
{
	(void)state;
	start();
	LOG(LOG_INFO, "first");
	assert_int_equal(log_to_file(NULL, NULL), ERR_OK);
	LOG(LOG_INFO, "second");
	assert_int_equal(count(path, "event=second"), 0);
	assert_int_equal(count_errors("event=second"), 1);
}

static void
a_file_that_cannot_be_opened_changes_nothing(void **state)
{
	char inside[160];
	struct why why = { "" };

	(void)state;
	start();
	snprintf(inside, sizeof(inside), "%s/none/log", directory);
	assert_int_equal(log_to_file(inside, &why), ERR_IO);
	assert_non_null(strstr(why.text, inside));
	LOG(LOG_INFO, "still");
	assert_int_equal(count(path, "event=still"), 1);
}

/* A new process on a full disk serves all the same. */
static void
too_many_open_files_are_no_reason_to_refuse_the_settings(void **state)
{
	struct rlimit limit, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(log_to_file(path, NULL), ERR_OK);
	LOG(LOG_INFO, "early");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	LOG(LOG_INFO, "late");
	assert_int_equal(count_errors("event=early"), 1);
	assert_int_equal(count(path, "event=late"), 1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(a_full_disk_costs_the_lines_of_that_time),
		TEST(the_line_after_a_torn_one_begins_a_line),
		TEST(another_process_ends_a_torn_line),
		TEST(ends_a_torn_line_of_a_file_that_it_may_not_read),
		TEST(follows_a_rotation),
		TEST(writes_to_stderr_until_there_can_be_a_file_again),
		TEST(without_the_setting_lines_go_to_stderr_again),
		TEST(a_file_that_cannot_be_opened_changes_nothing),
		TEST(too_many_open_files_are_no_reason_to_refuse_the_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
