#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "token/revocations.h"

#define NOW INT64_C(1795464000)

static const char *const sids[] = { "00000000-0000-4000-8000-000000000000",
				    "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
				    "7fffffff-ffff-4fff-bfff-ffffffffffff",
				    "ffffffff-ffff-4fff-bfff-ffffffffffff" };

static char path[] = "/tmp/doorward-revocations-XXXXXX";

static int
make_directory(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	log_open("test", LOG_ERROR);
	return log_to_file("/dev/null", NULL) == ERR_OK && fd >= 0 ? 0 : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void
put(const char *text, mode_t mode)
{
	const struct file_access access = { mode, FILE_ANYONE, FILE_ANYONE };

	assert_int_equal(file_replace(path, str_of(text), &access, NULL), ERR_OK);
}

static void
put_records(const char *const *list, size_t n)
{
	struct buf out;

	buf_init(&out, REVOCATIONS_BYTES);
	revocations_write_head(&out, n, NOW);
	for (size_t i = 0; i < n; i++)
		revocations_write(&out, str_of(list[i]), NOW + 600);
	assert_false(out.failed);
	assert_int_equal(out.n, (n + 1) * REVOCATIONS_RECORD);
	put(buf_z(&out), 0644);
	buf_done(&out);
}

static enum revocations_answer
ask(struct revocations *r, const char *sid)
{
	return revocations_check(r, str_of(sid), NOW);
}

static void
finds_each_and_nothing_else(void **state)
{
	struct revocations r;

	(void)state;
	for (size_t n = 0; n <= COUNT(sids); n++) {
		put_records(sids, n);
		revocations_init(&r, path, 0);
		for (size_t i = 0; i < COUNT(sids); i++)
			assert_int_equal(ask(&r, sids[i]),
					 i < n ? REVOCATIONS_ENDED : REVOCATIONS_NONE);
		assert_int_equal(ask(&r, ""), REVOCATIONS_NONE);
		assert_int_equal(ask(&r, "0c1d2e3f"), REVOCATIONS_NONE);
		assert_int_equal(ask(&r, "1c1d2e3f-4a5b-4c6d-8e7f-901234567890"),
				 REVOCATIONS_NONE);
		revocations_done(&r);
	}
}

static void
notices_every_change_at_once(void **state)
{
	struct revocations r;

	(void)state;
	put_records(sids, 1);
	revocations_init(&r, path, 0);
	for (int i = 0; i < 200; i++) {
		put_records(&sids[i % 3], 1); /* one size, inodes used again */
		assert_int_equal(ask(&r, sids[i % 3]), REVOCATIONS_ENDED);
		assert_int_equal(ask(&r, sids[(i + 1) % 3]), REVOCATIONS_NONE);
	}
	revocations_done(&r);
}

static void
keeps_its_answer_when_nothing_changes(void **state)
{
	struct timespec old[2] = { { NOW, 1 }, { NOW, 1 } };
	struct revocations r;
	const char *bytes;

	(void)state;
	put_records(sids, 3);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_ENDED);
	r.watch.fresh = false; /* as when the tick of its change is over */
	bytes = r.bytes.p;
	memset(r.bytes.p + REVOCATIONS_RECORD, 'x', 3); /* a reload would undo this */
	assert_int_equal(ask(&r, sids[2]), REVOCATIONS_ENDED);
	assert_ptr_equal(r.bytes.p, bytes);
	assert_memory_equal(r.bytes.p + REVOCATIONS_RECORD, "xxx", 3);
	revocations_done(&r);
}

static void
refuses_a_missing_file_until_it_is_there(void **state)
{
	struct revocations r;

	(void)state;
	unlink(path);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	put_records(sids, 1);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_NONE);
	unlink(path);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_FAILED);
	revocations_done(&r);
}

static void
refuses_a_file_that_is_not_whole(void **state)
{
#define HEAD1 "doorward-revocations 1 000000001 001795464000    \n"
#define SID1 "0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600\n"
#define SID2 "1c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600\n"
#define HEAD2 "doorward-revocations 1 000000002 001795464000    \n"
	static const char *const bad[] = {
		"",
		"\n",
		"doorward-revocations 1 000000001 001795464000",
		HEAD1,
		HEAD1 "0c1d2e3f-4a5b-4c6d-8e7f-901234567890 0017954676",
		HEAD1 SID1 SID2,
		HEAD2 SID1,
		HEAD2 SID2 SID1,
		HEAD2 SID1 SID1,
		"doorward-revocations 2 000000001 001795464000    \n" SID1,
		"doorward-revocations 1 00000000x 001795464000    \n" SID1,
		"doorward-revocations 1 000000001 00179546400x    \n" SID1,
		HEAD1 "0c1d2e3f-4a5b-4c6d-8e7f-901234567890 00179546760x\n",
		HEAD1 "0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600 ",
	};
	struct revocations r;

	(void)state;
	put(HEAD2 SID1 SID2, 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_NONE);
	for (size_t i = 0; i < COUNT(bad); i++) {
		put(bad[i], 0644);
		assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	}
	revocations_done(&r);
}

static void
refuses_a_file_that_everyone_may_write(void **state)
{
	struct revocations r;

	(void)state;
	put(HEAD1 SID1, 0666);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	put(HEAD1 SID1, 0664);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_NONE);
	revocations_done(&r);
}

static void
refuses_a_file_that_is_too_old(void **state)
{
	struct revocations r;

	(void)state;
	put_records(sids, 0);
	revocations_init(&r, path, 60);
	assert_int_equal(revocations_check(&r, STR(""), NOW + 60), REVOCATIONS_NONE);
	assert_int_equal(revocations_check(&r, STR(""), NOW + 61), REVOCATIONS_FAILED);
	revocations_done(&r);
}

static void
refuses_a_directory_and_a_pipe(void **state)
{
	struct revocations r;

	(void)state;
	revocations_init(&r, "/tmp", 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	revocations_done(&r);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	revocations_done(&r);
}

static void
a_floor_ends_what_was_issued_until_then(void **state)
{
	static const char *const floored[] = { REVOCATIONS_FLOOR_SID,
					       "0c1d2e3f-4a5b-4c6d-8e7f-901234567890" };
	const int64_t floor = NOW + 600; /* as put_records writes it */
	struct revocations r;

	(void)state;
	put_records(floored, 2);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, floored[1]), REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	assert_true(revocations_covers(&r, floor, floor + 600));
	assert_true(revocations_covers(&r, floor - 86000, floor));
	assert_false(revocations_covers(&r, floor + 1, floor + 601));
	/* longer than any login's token lives */
	assert_false(revocations_covers(&r, floor, floor + REVOCATIONS_LOGIN_LIFE + 1));
	put_records(sids, 2);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	assert_false(revocations_covers(&r, floor, floor + 600));
	revocations_done(&r);
}

static void
reads_the_largest_file_that_a_writer_makes(void **state)
{
	struct revocations r;
	struct buf out;
	char sid[37];

	(void)state;
	buf_init(&out, REVOCATIONS_BYTES);
	revocations_write_head(&out, REVOCATIONS_MAX + 1, NOW); /* and the floor */
	for (size_t i = 0; i <= REVOCATIONS_MAX; i++) {
		snprintf(sid, sizeof(sid), "%08zx-0000-4000-8000-000000000000", i);
		revocations_write(&out, str_of(sid), NOW + 600);
	}
	assert_false(out.failed);
	put(buf_z(&out), 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sid), REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	revocations_done(&r);
	buf_done(&out);
}

static void
only_a_uuid_in_small_letters_can_be_revoked(void **state)
{
	(void)state;
	assert_true(revocations_is_sid(str_of(sids[1])));
	assert_false(revocations_is_sid(STR("0C1D2E3F-4A5B-4C6D-8E7F-901234567890")));
	assert_false(revocations_is_sid(STR("0c1d2e3f")));
	assert_false(revocations_is_sid(STR("")));
	assert_false(revocations_is_sid(str_of(REVOCATIONS_FLOOR_SID)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_and_nothing_else),
		cmocka_unit_test(notices_every_change_at_once),
		cmocka_unit_test(keeps_its_answer_when_nothing_changes),
		cmocka_unit_test(refuses_a_missing_file_until_it_is_there),
		cmocka_unit_test(refuses_a_file_that_is_not_whole),
		cmocka_unit_test(refuses_a_file_that_everyone_may_write),
		cmocka_unit_test(refuses_a_file_that_is_too_old),
		cmocka_unit_test(refuses_a_directory_and_a_pipe),
		cmocka_unit_test(a_floor_ends_what_was_issued_until_then),
		cmocka_unit_test(reads_the_largest_file_that_a_writer_makes),
		cmocka_unit_test(only_a_uuid_in_small_letters_can_be_revoked),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_file);
}
