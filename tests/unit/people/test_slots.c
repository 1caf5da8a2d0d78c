#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "people/slots.h"

static char directory[64];
static struct why why;

/* In the place of libc's: counts, and fails as a file system without locks does. */
static unsigned locks;
static int lock_problem;

int
flock(int fd, int operation)
{
	locks++;
	if (lock_problem != 0) {
		errno = lock_problem;
		return -1;
	}
	return (int)syscall(SYS_flock, fd, operation);
}

static int
setup(void **state)
{
	(void)state;
	lock_problem = 0;
	snprintf(directory, sizeof(directory), "/tmp/test_slots.XXXXXX");
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char name[80];

	(void)state;
	chmod(directory, 0700);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "%s/slot.%d", directory, i);
		unlink(name);
	}
	return rmdir(directory);
}

static void
gives_as_many_as_there_are_and_then_says_busy(void **state)
{
	int a, b, c;
	int64_t start;

	(void)state;
	assert_int_equal(slots_take(directory, 2, &a, &why), ERR_OK);
	assert_int_equal(slots_take(directory, 2, &b, &why), ERR_OK);
	start = clock_monotonic_ms();
	assert_int_equal(slots_take(directory, 2, &c, &why), ERR_BUSY);
	assert_int_equal(c, -1);
	assert_in_range(clock_monotonic_ms() - start, SLOTS_WAIT_MS,
			SLOTS_WAIT_MS + 2000);
	slots_give(&a);
	assert_int_equal(slots_take(directory, 2, &c, &why), ERR_OK);
	slots_give(&b);
	slots_give(&c);
	slots_give(&c); /* twice is allowed */
}

static void
a_killed_holder_frees_its_slot_at_once(void **state)
{
	int ready[2], slot;
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (slots_take(directory, 1, &slot, &why) != ERR_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(slots_take(directory, 1, &slot, &why), ERR_OK);
	slots_give(&slot);
	close(ready[0]);
	close(ready[1]);
}

static void
zero_means_one_a_processor(void **state)
{
	int slot;

	(void)state;
	assert_int_equal(slots_take(directory, 0, &slot, &why), ERR_OK);
	slots_give(&slot);
}

/* Sixty-four slots, all taken: a second of waiting is no storm of system calls. */
static void
who_waits_asks_seldom(void **state)
{
	int slots[64], none;
	unsigned before;

	(void)state;
	for (size_t i = 0; i < COUNT(slots); i++)
		assert_int_equal(slots_take(directory, 64, &slots[i], &why), ERR_OK);
	before = locks;
	assert_int_equal(slots_take(directory, 64, &none, &why), ERR_BUSY);
	assert_in_range(locks - before, 64, 64 + 8 * 100);
	for (size_t i = 0; i < COUNT(slots); i++)
		slots_give(&slots[i]);
}

/* With all but one taken, the one is found at once, wherever it is. */
static void
finds_the_only_free_one(void **state)
{
	int slots[16], again;

	(void)state;
	for (size_t i = 0; i < COUNT(slots); i++)
		assert_int_equal(slots_take(directory, 16, &slots[i], &why), ERR_OK);
	for (size_t i = 0; i < COUNT(slots); i++) {
		slots_give(&slots[i]);
		assert_int_equal(slots_take(directory, 16, &again, &why), ERR_OK);
		slots[i] = again;
	}
	for (size_t i = 0; i < COUNT(slots); i++)
		slots_give(&slots[i]);
}

static void
a_file_system_without_locks_is_an_error(void **state)
{
	static const int problems[] = { ENOLCK, EOPNOTSUPP, ENOSYS };
	int slot = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(problems); i++) {
		lock_problem = problems[i];
		assert_int_equal(slots_take(directory, 2, &slot, &why), ERR_IO);
		assert_int_equal(slot, -1);
		assert_non_null(strstr(why.text, "a file system with locks"));
		assert_int_equal(slots_check(directory, &why), ERR_IO);
	}
}

static void
a_check_takes_nothing(void **state)
{
	int slot;

	(void)state;
	assert_int_equal(slots_check(directory, &why), ERR_OK);
	assert_int_equal(slots_take(directory, 1, &slot, &why), ERR_OK);
	assert_int_equal(slots_check(directory, &why), ERR_OK);
	slots_give(&slot);
	assert_int_equal(slots_check(NULL, &why), ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			gives_as_many_as_there_are_and_then_says_busy, setup, teardown),
		cmocka_unit_test_setup_teardown(a_killed_holder_frees_its_slot_at_once,
						setup, teardown),
		cmocka_unit_test_setup_teardown(zero_means_one_a_processor, setup,
						teardown),
		cmocka_unit_test_setup_teardown(who_waits_asks_seldom, setup, teardown),
		cmocka_unit_test_setup_teardown(finds_the_only_free_one, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_system_without_locks_is_an_error,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_check_takes_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
