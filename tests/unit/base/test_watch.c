/*
 * Files that change: when they are read, and what may be used where they cannot be.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/watch.h"

static char directory[64], path[128];
static enum err outcome;
static unsigned loads;

static enum err
load(void *owner, struct why *why)
{
	(void)owner;
	loads++;
	return outcome == ERR_OK ? ERR_OK : why_set(why, outcome, "bad");
}

static const struct watch_kind keeping = { "test", true, 0, 0, load, NULL };
static const struct watch_kind strict = { "test", false, 0, 0, load, NULL };
static const struct watch_kind patient = { "test", true, 0, 2000, load, NULL };
static const struct watch_kind seldom = { "test", true, 1000, 0, load, NULL };

static void
put(const char *text)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };

	assert_int_equal(file_replace(path, str_of(text), &access, NULL), ERR_OK);
}

static int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/var/tmp/doorward-watch-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/file", directory);
	put("one");
	outcome = ERR_OK;
	loads = 0;
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
reads_once_what_does_not_change(void **state)
{
	struct watch w;

	(void)state;
	watch_init(&w, &keeping, path);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	usleep(60000); /* a tick */
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	loads = 0;
	for (int i = 0; i < 100; i++)
		assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 0);
	put("two");
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 1);
	watch_done(&w);
}

/* A change in the tick of the last one leaves no other stamp. */
static void
reads_again_until_the_tick_of_a_change_is_over(void **state)
{
	struct watch w;

	(void)state;
	watch_init(&w, &keeping, path);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	w.fresh = true;
	w.judged_ms += 3600000; /* whatever the clock says of the file's age */
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 3);
	w.judged_ms -= 3600000 + 60;
	assert_int_equal(watch_follow(&w, NULL), ERR_OK); /* the last time */
	assert_int_equal(loads, 4);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 4);
	watch_done(&w);
}

static void
looks_no_more_often_than_it_is_told(void **state)
{
	struct watch w;

	(void)state;
	watch_init(&w, &seldom, path);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	put("two");
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 1);
	w.next_ms -= 1000;
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 2);
	watch_done(&w);
}

static void
judges_each_error_as_the_policy_says(void **state)
{
	static const struct {
		enum err e;
		bool kept;
		bool again; /* read again though it has not changed */
	} rows[] = {
		{ ERR_SYNTAX, true, false },       { ERR_LIMIT, true, false },
		{ ERR_EXISTS, true, false },       { ERR_IO, true, true },
		{ ERR_MEMORY, true, true },        { ERR_CRYPTO, true, true },
		{ ERR_NOT_FOUND, false, false },   { ERR_PERMISSION, false, false },
		{ ERR_UNSUPPORTED, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int keeps = 0; keeps < 2; keeps++) {
			bool kept = keeps && rows[i].kept;
			struct watch w;

			watch_init(&w, keeps ? &keeping : &strict, path);
			outcome = ERR_OK;
			assert_int_equal(watch_follow(&w, NULL), ERR_OK);
			put("another");
			outcome = rows[i].e;
			assert_int_equal(watch_follow(&w, NULL),
					 kept ? ERR_OK : rows[i].e);
			assert_int_equal(w.error, rows[i].e);
			w.fresh = false;
			loads = 0;
			watch_follow(&w, NULL);
			assert_int_equal(loads, rows[i].again);
			/* good once more */
			put("good");
			outcome = ERR_OK;
			assert_int_equal(watch_follow(&w, NULL), ERR_OK);
			watch_done(&w);
		}
}

static void
a_new_process_has_nothing_to_keep(void **state)
{
	static const enum err errors[] = { ERR_SYNTAX, ERR_IO, ERR_NOT_FOUND,
					   ERR_PERMISSION };

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct watch w;

		watch_init(&w, &keeping, path);
		outcome = errors[i];
		assert_int_equal(watch_follow(&w, NULL), errors[i]);
		assert_int_equal(watch_follow(&w, NULL), errors[i]);
		watch_done(&w);
	}
}

/* The ten minutes begin when the file was broken, not when a process notices. */
static void
what_was_broken_long_ago_is_not_kept(void **state)
{
	struct watch w;

	(void)state;
	watch_init(&w, &keeping, path);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	put("another");
	usleep(1100000);
	outcome = ERR_SYNTAX;
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_true(w.keep_until - w.judged_ms < WATCH_KEEP_MS - 1000);
	assert_true(w.keep_until - w.judged_ms > WATCH_KEEP_MS - 5000);
	/* and another failure does not begin them anew */
	w.keep_until -= 500000;
	put("a third");
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_true(w.keep_until - w.judged_ms < WATCH_KEEP_MS - 500000);
	w.keep_until -= 200000;
	assert_int_equal(watch_follow(&w, NULL), ERR_SYNTAX);
	watch_done(&w);
}

static void
waits_until_nobody_writes_any_more(void **state)
{
	struct watch w;

	(void)state;
	watch_init(&w, &patient, path);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	put("two");
	loads = 0;
	outcome = ERR_SYNTAX;
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(loads, 0);
	/* but not with a file that others may write now, or one that is gone */
	outcome = ERR_PERMISSION;
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(watch_follow(&w, NULL), ERR_PERMISSION);
	assert_int_equal(loads, 1);
	outcome = ERR_OK;
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(watch_follow(&w, NULL), ERR_OK);
	assert_int_equal(unlink(path), 0);
	outcome = ERR_NOT_FOUND;
	assert_int_equal(watch_follow(&w, NULL), ERR_NOT_FOUND);
	watch_done(&w);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(reads_once_what_does_not_change),
		TEST(reads_again_until_the_tick_of_a_change_is_over),
		TEST(looks_no_more_often_than_it_is_told),
		TEST(judges_each_error_as_the_policy_says),
		TEST(a_new_process_has_nothing_to_keep),
		TEST(what_was_broken_long_ago_is_not_kept),
		TEST(waits_until_nobody_writes_any_more),
	};

	log_open("test", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
