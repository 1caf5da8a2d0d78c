/* The writer: which of the files it replaces, and what it keeps of damaged ones. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "revocation/revocations.h"
#include "revocation/revocations_write.h"

#define DAY INT64_C(86400)

static const char *const sids[] = { "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
				    "1c1d2e3f-4a5b-4c6d-8e7f-901234567890",
				    "2c1d2e3f-4a5b-4c6d-8e7f-901234567890" };

static char directory[] = "/tmp/doorward-write-XXXXXX";
static char path[64], later_path[REVOCATIONS_PATH_MAX];
static int64_t now;

static int
make_directory(void **state)
{
	(void)state;
	now = time(NULL);
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/revoked", directory);
	return revocations_later_path(path, later_path) ? 0 : -1;
}

static int
remove_files(void **state)
{
	(void)state;
	unlink(path);
	unlink(later_path);
	return 0;
}

static int
remove_directory(void **state)
{
	remove_files(state);
	return rmdir(directory);
}

static enum err
told(const char *sid, int64_t until, int64_t since)
{
	struct revocation one = { str_of(sid == NULL ? "" : sid), until };
	struct revocations_news news = { .list = { &one, sid != NULL },
					 .since = since,
					 .listed = now };

	return revocations_write(path, &news, NULL);
}

static bool
holds(const char *sid)
{
	return revocations_hold(path, str_of(sid));
}

/*
 * Which files were replaced since the last call: 1 the first one, 2 the second one. Those
 * that were seen get a mark in their time, because two writes may have the same time.
 */
static int
replaced(void)
{
	int which = 0;

	for (int i = 0; i < 2; i++) {
		const char *file = i == 0 ? path : later_path;
		struct timespec times[2];
		struct stat st;

		assert_int_equal(stat(file, &st), 0);
		if (st.st_mtim.tv_nsec != 1)
			which |= 1 << i;
		times[0] = times[1] = (struct timespec){ st.st_mtim.tv_sec, 1 };
		assert_int_equal(utimensat(AT_FDCWD, file, times, 0), 0);
	}
	return which;
}

static void
damage(const char *file, long at)
{
	FILE *f = fopen(file, "r+");

	assert_non_null(f);
	fseek(f, at, SEEK_SET);
	fputc('#', f);
	fclose(f);
}

static void
only_the_file_that_changes_is_written(void **state)
{
	struct revocations_news nothing = { .renew = true };

	(void)state;
	assert_int_equal(told(NULL, 0, 0), ERR_OK);
	assert_int_equal(replaced(), 3);
	assert_int_equal(told(sids[0], now + 600, now), ERR_OK);
	assert_int_equal(replaced(), 1);
	assert_int_equal(told(sids[1], now + 30 * DAY, now), ERR_OK);
	assert_int_equal(replaced(), 2);
	assert_int_equal(told(sids[0], now + 600, now), ERR_OK);
	assert_int_equal(told(sids[1], now + 30 * DAY, 0), ERR_OK);
	assert_int_equal(replaced(), 0);
	assert_int_equal(revocations_write(path, &nothing, NULL), ERR_OK);
	assert_int_equal(replaced(), 1);
	assert_int_equal(told(sids[1], now + 31 * DAY, 0), ERR_OK);
	assert_int_equal(replaced(), 2);
	assert_true(holds(sids[0]));
	assert_true(holds(sids[1]));
	assert_false(holds(sids[2]));
	assert_false(revocations_hold(path, STR("0c1d2e3f-4a5b-4c6d-8e7f-901234567890 "
						"2c1d2e3f-4a5b-4c6d-8e7f-901234567890")));
}

static void
the_time_of_the_list_moves_on_with_either_file(void **state)
{
	const int64_t start = now;

	(void)state;
	assert_int_equal(revocations_listed(path), 0);
	assert_int_equal(told(sids[0], now + 600, 0), ERR_OK);
	assert_int_equal(revocations_listed(path), now);
	assert_int_equal(replaced(), 3);
	now += 3600; /* as the database tells it */
	assert_int_equal(told(sids[1], now + 30 * DAY, start), ERR_OK);
	assert_int_equal(replaced(), 3);
	assert_int_equal(revocations_listed(path), now);
	now = start;
}

/* The one that is left keeps what it lists, which the database may have forgotten. */
static void
a_file_that_is_lost_or_damaged_is_made_anew_and_the_other_one_stays(void **state)
{
	const char *const files[] = { path, later_path };

	for (int i = 0; i < 2; i++)
		for (int how = 0; how < 2; how++) {
			remove_files(state);
			assert_int_equal(told(sids[0], now + 600, 0), ERR_OK);
			assert_int_equal(told(sids[1], now + 30 * DAY, 0), ERR_OK);
			if (how == 0)
				unlink(files[i]);
			else
				damage(files[i], REVOCATIONS_HEAD * REVOCATIONS_LINE + 3);
			/* the records of the second file are not read for a logout */
			assert_int_equal(told(NULL, 0, now),
					 i == 1 && how == 1 ? ERR_OK : ERR_NOT_FOUND);
			assert_int_equal(told(sids[2], now + 30 * DAY, now),
					 ERR_NOT_FOUND);
			assert_int_equal(told(sids[2], now + 600, 0), ERR_OK);
			assert_int_equal(holds(sids[0]), i == 1);
			assert_int_equal(holds(sids[1]), i == 0);
			assert_true(holds(sids[2]));
		}
}

static void
two_files_that_do_not_belong_together_become_a_pair_with_all_of_both(void **state)
{
	struct buf kept;

	(void)state;
	buf_init(&kept, REVOCATIONS_BYTES);
	assert_int_equal(told(sids[1], now + 30 * DAY, 0), ERR_OK);
	assert_int_equal(file_read(later_path, 10000, &kept, NULL, NULL), ERR_OK);
	remove_files(state);
	assert_int_equal(told(sids[0], now + 600, 0), ERR_OK);
	assert_int_equal(
		file_replace(later_path, buf_str(&kept),
			     &(struct file_access){ 0644, FILE_ANYONE, FILE_ANYONE },
			     NULL),
		ERR_OK);
	assert_false(holds(sids[0]));
	assert_int_equal(told(NULL, 0, now), ERR_NOT_FOUND);
	assert_int_equal(told(NULL, 0, 0), ERR_OK);
	assert_true(holds(sids[0]));
	assert_true(holds(sids[1]));
	buf_done(&kept);
}

/* Somebody put a backup of it in its place. */
static void
an_older_second_file_is_found_out_and_completed(void **state)
{
	struct buf old;

	(void)state;
	buf_init(&old, REVOCATIONS_BYTES);
	assert_int_equal(told(sids[0], now + 30 * DAY, 0), ERR_OK);
	assert_int_equal(file_read(later_path, 10000, &old, NULL, NULL), ERR_OK);
	assert_int_equal(told(sids[1], now + 30 * DAY, 0), ERR_OK);
	assert_int_equal(told(sids[2], now + 600, 0), ERR_OK);
	assert_int_equal(
		file_replace(later_path, buf_str(&old),
			     &(struct file_access){ 0644, FILE_ANYONE, FILE_ANYONE },
			     NULL),
		ERR_OK);
	assert_false(holds(sids[0]));
	assert_int_equal(told(sids[1], now + 30 * DAY, 0), ERR_OK);
	assert_true(holds(sids[0]));
	assert_true(holds(sids[1]));
	assert_true(holds(sids[2]));
	buf_done(&old);
}

static void
a_file_of_version_1_becomes_a_pair(void **state)
{
	FILE *f;

	(void)state;
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%-49s\n", "doorward-revocations 1 000000002 001795464000");
	fprintf(f, "%s %012lld\n", sids[0], (long long)now + 600);
	fprintf(f, "%s %012lld\n", sids[1], (long long)now + 300 * DAY);
	fclose(f);
	assert_true(holds(sids[0]) && holds(sids[1]));
	assert_int_equal(revocations_listed(path), 0);
	assert_int_equal(told(sids[2], now + 600, 0), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_true(holds(sids[i]));
	assert_int_equal(replaced(), 3);
	assert_int_equal(told(sids[2], now + 30 * DAY, now), ERR_OK); /* a pair now */
	assert_int_equal(replaced(), 2);
}

static void
a_quarter_of_the_second_file_that_has_expired_is_dropped(void **state)
{
	struct revocations_head head = { .n = 3, .later = true, .pair = 7, .serial = 1 };
	struct revocations r;
	struct buf out;

	(void)state;
	for (int expired = 0; expired < 2; expired++) {
		buf_init(&out, REVOCATIONS_BYTES);
		revocations_put_head(&out, &head);
		for (int i = 0; i < 3; i++)
			revocations_put(&out, &head, (size_t)i, str_of(sids[i]),
					i < expired ? now - 1 : now + 30 * DAY);
		assert_int_equal(file_replace(later_path, buf_str(&out),
					      &(struct file_access){ 0644, FILE_ANYONE,
								     FILE_ANYONE },
					      NULL),
				 ERR_OK);
		buf_done(&out);
		assert_int_equal(told(NULL, 0, 0), ERR_OK);
		revocations_init(&r, path, 0);
		assert_int_equal(revocations_load(&r, NULL), ERR_OK);
		assert_int_equal(r.later.view.head.n, 3 - expired);
		revocations_done(&r);
	}
}

static void
empty_files_are_made_only_where_there_is_none(void **state)
{
	(void)state;
	assert_int_equal(revocations_write_empty(path, NULL), ERR_OK);
	assert_int_equal(replaced(), 3);
	assert_true(revocations_hold(path, STR("")));
	assert_false(holds(sids[0]));
	assert_int_equal(revocations_write_empty(path, NULL), ERR_EXISTS);
	assert_int_equal(replaced(), 0);
}

static void
a_directory_that_is_not_there_is_an_error(void **state)
{
	struct revocations_news nothing = { .since = 0 };

	(void)state;
	assert_int_equal(revocations_write("/nowhere/at/all", &nothing, NULL), ERR_IO);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, NULL, remove_files)
	const struct CMUnitTest tests[] = {
		TEST(only_the_file_that_changes_is_written),
		TEST(the_time_of_the_list_moves_on_with_either_file),
		TEST(a_file_that_is_lost_or_damaged_is_made_anew_and_the_other_one_stays),
		TEST(two_files_that_do_not_belong_together_become_a_pair_with_all_of_both),
		TEST(an_older_second_file_is_found_out_and_completed),
		TEST(a_file_of_version_1_becomes_a_pair),
		TEST(a_quarter_of_the_second_file_that_has_expired_is_dropped),
		TEST(empty_files_are_made_only_where_there_is_none),
		TEST(a_directory_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
