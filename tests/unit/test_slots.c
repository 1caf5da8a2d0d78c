#include "check.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auth/slots.h"
#include "base/clock.h"

static char site_bytes[32];
static const struct str site = { site_bytes, sizeof(site_bytes) };

/* Every run of the test is a site of its own. */
static int
setup(void **state)
{
	int64_t now = clock_monotonic_ms();
	pid_t pid = getpid();

	(void)state;
	memcpy(site_bytes, &now, sizeof(now));
	memcpy(site_bytes + 8, &pid, sizeof(pid));
	return 0;
}

static void
gives_as_many_as_there_are_and_then_says_busy(void **state)
{
	int a, b, c;
	int64_t start;

	(void)state;
	assert_int_equal(slots_take(site, 2, &a), ERR_OK);
	assert_int_equal(slots_take(site, 2, &b), ERR_OK);
	start = clock_monotonic_ms();
	assert_int_equal(slots_take(site, 2, &c), ERR_BUSY);
	assert_int_equal(c, -1);
	assert_in_range(clock_monotonic_ms() - start, SLOTS_WAIT_MS,
			SLOTS_WAIT_MS + 2000);
	slots_give(&a);
	assert_int_equal(slots_take(site, 2, &c), ERR_OK);
	slots_give(&b);
	slots_give(&c);
	slots_give(&c); /* twice is allowed */
}

static void
other_sites_have_slots_of_their_own(void **state)
{
	int a, b;

	(void)state;
	assert_int_equal(slots_take(site, 1, &a), ERR_OK);
	assert_int_equal(slots_take(STR("another site's secret"), 1, &b), ERR_OK);
	slots_give(&a);
	slots_give(&b);
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
		if (slots_take(site, 1, &slot) != ERR_OK || write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(slots_take(site, 1, &slot), ERR_OK);
	slots_give(&slot);
	close(ready[0]);
	close(ready[1]);
}

static void
zero_means_one_a_processor(void **state)
{
	int slot;

	(void)state;
	assert_int_equal(slots_take(site, 0, &slot), ERR_OK);
	slots_give(&slot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_as_many_as_there_are_and_then_says_busy),
		cmocka_unit_test(other_sites_have_slots_of_their_own),
		cmocka_unit_test(a_killed_holder_frees_its_slot_at_once),
		cmocka_unit_test(zero_means_one_a_processor),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
