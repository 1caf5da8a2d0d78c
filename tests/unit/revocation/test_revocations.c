/* The reader: what it finds, and everything by which it refuses. */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "revocation/revocations.h"

#define NOW INT64_C(1795464000)
#define PAIR UINT64_C(0x0123456789abcdef)

static const char *const sids[] = { "00000000-0000-4000-8000-000000000000",
				    "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
				    "7fffffff-ffff-4fff-bfff-ffffffffffff",
				    "ffffffff-ffff-4fff-bfff-ffffffffffff" };

static char path[] = "/tmp/doorward-revocations-XXXXXX";
static char later_path[REVOCATIONS_PATH_MAX];

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	log_open("test", LOG_ERROR);
	return log_to_file("/dev/null", NULL) == ERR_OK && fd >= 0 &&
			       revocations_later_path(path, later_path)
		       ? 0
		       : -1;
}

static int
remove_files(void **state)
{
	(void)state;
	unlink(path);
	unlink(later_path);
	return 0;
}

/* As file_replace, without waiting for the disk. */
static void
put_at(const char *at, struct str text, mode_t mode)
{
	char other[REVOCATIONS_PATH_MAX + 8];
	int fd;

	snprintf(other, sizeof(other), "%s.new", at);
	fd = open(other, O_WRONLY | O_CREAT | O_EXCL, mode);
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(rename(other, at), 0);
}

/* The bytes of a file; `out` is not cleared. */
static void
make(struct buf *out, struct revocations_head head, const char *const *list, size_t n)
{
	head.n = n;
	head.written = NOW;
	head.pair = head.pair == 0 ? PAIR : head.pair;
	revocations_put_head(out, &head);
	for (size_t i = 0; i < n; i++)
		revocations_put(out, &head, i, str_of(list[i]), NOW + 600);
	assert_false(out->failed);
}

static void
put_head(struct revocations_head head, const char *const *list, size_t n)
{
	struct buf out;

	buf_init(&out, REVOCATIONS_BYTES);
	make(&out, head, list, n);
	put_at(head.later ? later_path : path, buf_str(&out), 0644);
	buf_done(&out);
}

static const struct revocations_head soon = { .serial = 5 };
static const struct revocations_head later = { .serial = 5, .later = true };

/* The first `n` in the first file, the others of `of` in the second. */
static void
put_pair(const char *const *list, size_t n, size_t of)
{
	put_head(later, list + n, of - n);
	put_head(soon, list, n);
}

static enum revocations_answer
ask(struct revocations *r, const char *sid)
{
	return revocations_check(r, str_of(sid), NOW);
}

/* ---- finding ---- */

static void
finds_each_in_either_file_and_nothing_else(void **state)
{
	struct revocations r;

	(void)state;
	for (size_t n = 0; n <= COUNT(sids); n++) {
		for (size_t first = 0; first <= n; first++) {
			put_pair(sids, first, n);
			revocations_init(&r, path, 0);
			for (size_t i = 0; i < COUNT(sids); i++)
				assert_int_equal(ask(&r, sids[i]),
						 i < n ? REVOCATIONS_ENDED
						       : REVOCATIONS_NONE);
			assert_int_equal(ask(&r, ""), REVOCATIONS_NONE);
			assert_int_equal(ask(&r, "0c1d2e3f"), REVOCATIONS_NONE);
			assert_int_equal(ask(&r, "1c1d2e3f-4a5b-4c6d-8e7f-901234567890"),
					 REVOCATIONS_NONE);
			assert_int_equal(revocations_count(&r), n);
			revocations_done(&r);
		}
	}
}

/* The i-th of many: the number in front, or behind `front`. */
static struct str
numbered(char sid[37], const char *front, size_t i)
{
	if (front == NULL)
		snprintf(sid, 37, "%08zx-0000-4000-8000-000000000000", i);
	else
		snprintf(sid, 37, "%s-%012zx", front, i);
	return str_of(sid);
}

/* A file of `n` of them, with all even numbers. */
static void
put_many(const char *front, size_t n)
{
	struct revocations_head head = soon;
	struct buf out;
	char sid[37];

	head.n = n;
	head.pair = PAIR;
	buf_init(&out, REVOCATIONS_BYTES);
	revocations_put_head(&out, &head);
	for (size_t i = 0; i < n; i++) {
		revocations_put(&out, &head, i, numbered(sid, front, i * 2), NOW + 600);
	}
	assert_false(out.failed);
	put_head(later, sids, 0);
	put_at(path, buf_str(&out), 0644);
	buf_done(&out);
}

static void
finds_sids_that_are_not_random_at_all(void **state)
{
	static const char *const fronts[] = { NULL, "00000000-0000-4000-8000",
					      "ffffffff-ffff-4000-8000",
					      "7fffffff-0000-4000-8000" };
	struct revocations r;
	char sid[37];

	(void)state;
	for (size_t f = 0; f < COUNT(fronts); f++) {
		put_many(fronts[f], 2000);
		revocations_init(&r, path, 0);
		for (size_t i = 0; i < 4001; i++) {
			numbered(sid, fronts[f], i);
			assert_int_equal(ask(&r, sid), i % 2 == 0 && i < 4000
							       ? REVOCATIONS_ENDED
							       : REVOCATIONS_NONE);
		}
		revocations_done(&r);
	}
}

static void
reads_the_largest_file_that_a_writer_makes(void **state)
{
	struct revocations r;

	(void)state;
	put_many(NULL, REVOCATIONS_RECORDS_MAX);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, "00000000-0000-4000-8000-000000000000"),
			 REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	assert_true(revocations_is_half_full(&r));
	revocations_done(&r);
}

/* ---- changes ---- */

static void
notices_every_change_of_either_file_at_once(void **state)
{
	struct revocations r;

	(void)state;
	put_pair(sids, 1, 1);
	revocations_init(&r, path, 0);
	for (int i = 0; i < 200; i++) {
		if (i / 4 % 2 == 0)
			put_pair(&sids[i % 3], 1, 1); /* one size, inodes used again */
		else {
			put_head(soon, sids, 0);
			put_head(later, &sids[i % 3], 1); /* the last one changed */
		}
		assert_int_equal(ask(&r, sids[i % 3]), REVOCATIONS_ENDED);
		assert_int_equal(ask(&r, sids[(i + 1) % 3]), REVOCATIONS_NONE);
	}
	revocations_done(&r);
}

static void
maps_nothing_again_when_nothing_changes(void **state)
{
	struct timespec old[2] = { { NOW, 1 }, { NOW, 1 } };
	struct revocations r;
	const char *p, *q;

	(void)state;
	put_pair(sids, 1, 3);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_ENDED);
	r.watch.fresh = false; /* as when the tick of its change is over */
	p = r.soon.file.p;
	q = r.later.file.p;
	r.floor = 7; /* a load would undo this */
	assert_int_equal(ask(&r, sids[2]), REVOCATIONS_ENDED);
	assert_ptr_equal(r.soon.file.p, p);
	assert_ptr_equal(r.later.file.p, q);
	assert_int_equal(r.floor, 7);
	revocations_done(&r);
}

static void
who_has_mapped_the_old_files_goes_on_when_they_are_replaced(void **state)
{
	struct revocations r;

	(void)state;
	put_pair(sids, 1, 2);
	revocations_init(&r, path, 0);
	assert_int_equal(revocations_load(&r, NULL), ERR_OK);
	put_pair(sids + 2, 1, 2);
	assert_int_equal(revocations_find(&r, str_of(sids[0])), REVOCATIONS_PRESENT);
	assert_int_equal(revocations_find(&r, str_of(sids[1])), REVOCATIONS_PRESENT);
	assert_int_equal(revocations_find(&r, str_of(sids[2])), REVOCATIONS_ABSENT);
	revocations_done(&r);
}

/* ---- files that are missing, or not each other's ---- */

static void
refuses_when_either_file_is_missing_until_it_is_there(void **state)
{
	const char *const paths[] = { path, later_path };
	struct revocations r;

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		put_pair(sids, 1, 2);
		unlink(paths[i]);
		revocations_init(&r, path, 0);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
		assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
		put_head(i == 0 ? soon : later, sids + i, 1);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
		assert_int_equal(ask(&r, sids[i]), REVOCATIONS_ENDED);
		unlink(paths[i]);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
		revocations_done(&r);
	}
}

static void
refuses_two_files_that_do_not_belong_together(void **state)
{
	const struct revocations_head foreign = { .serial = 5,
						  .later = true,
						  .pair = 77 };
	const struct revocations_head older = { .serial = 4, .later = true };
	const struct revocations_head newer = { .serial = 6, .later = true };
	const struct revocations_head bad[] = { foreign, older };
	struct revocations r;

	(void)state;
	put_pair(sids, 1, 1);
	revocations_init(&r, path, 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		put_head(bad[i], sids, 1);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
		put_head(newer, sids, 1); /* written after the first one: that is usual */
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	}
	revocations_done(&r);
}

static void
refuses_one_of_the_files_in_the_place_of_the_other(void **state)
{
	struct revocations r;
	struct buf out;

	(void)state;
	put_pair(sids, 1, 2);
	buf_init(&out, REVOCATIONS_BYTES);
	make(&out, later, sids, 1);
	put_at(path, buf_str(&out), 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
	put_head(soon, sids, 1);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	out.n = 0;
	make(&out, soon, sids, 1);
	put_at(later_path, buf_str(&out), 0644);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
	buf_done(&out);
	revocations_done(&r);
}

/* ---- damage ---- */

static void
refuses_a_file_that_is_cut_or_has_too_much(void **state)
{
	const char *const paths[] = { path, later_path };
	struct revocations r;
	struct buf out;

	(void)state;
	buf_init(&out, REVOCATIONS_BYTES);
	for (size_t f = 0; f < COUNT(paths); f++) {
		put_pair(sids, 2, 4);
		revocations_init(&r, path, 0);
		out.n = 0;
		make(&out, f == 0 ? soon : later, sids, 2);
		for (size_t n = 0; n < out.n; n++) {
			put_at(paths[f], str_sub(buf_str(&out), 0, n), 0644);
			assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
		}
		make(&out, soon, sids, 2);
		put_at(paths[f], buf_str(&out), 0644);
		assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
		revocations_done(&r);
	}
	buf_done(&out);
}

/* Each byte of both files, one after the other. */
static void
refuses_when_a_record_that_it_needs_has_a_wrong_byte(void **state)
{
	const char *const paths[] = { path, later_path };
	struct revocations r;
	struct buf out;

	(void)state;
	buf_init(&out, REVOCATIONS_BYTES);
	for (size_t f = 0; f < COUNT(paths); f++) {
		put_pair(sids, 2, 2);
		put_head(later, sids + 2, 1);
		out.n = 0;
		make(&out, f == 0 ? soon : later, f == 0 ? sids : sids + 2, 2 - f);
		revocations_init(&r, path, 0);
		for (size_t i = 0; i < out.n; i++) {
			out.p[i] ^= 4;
			put_at(paths[f], buf_str(&out), 0644);
			/* the last one is absent, so all of so few are touched */
			assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
			assert_int_equal(revocations_load(&r, NULL) == ERR_OK
						 ? revocations_check_all(&r, NULL)
						 : ERR_SYNTAX,
					 ERR_SYNTAX);
			out.p[i] ^= 4;
		}
		revocations_done(&r);
	}
	buf_done(&out);
}

/* As when a disk writes a block to the place of another one. */
static void
refuses_a_record_in_the_place_of_another_one_or_from_another_pair(void **state)
{
	struct revocations_head foreign = soon;
	struct revocations r;
	struct buf out, other;
	char line[REVOCATIONS_LINE];
	char *first;

	(void)state;
	put_pair(sids, 3, 3);
	buf_init(&out, REVOCATIONS_BYTES);
	buf_init(&other, REVOCATIONS_BYTES);
	foreign.pair = 77;
	make(&out, soon, sids, 3);
	make(&other, foreign, sids, 3);
	first = out.p + REVOCATIONS_HEAD * REVOCATIONS_LINE;
	memcpy(line, first, sizeof(line));
	memcpy(first, first + REVOCATIONS_LINE, sizeof(line));
	put_at(path, buf_str(&out), 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	memcpy(first, other.p + REVOCATIONS_HEAD * REVOCATIONS_LINE, sizeof(line));
	put_at(path, buf_str(&out), 0644);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	memcpy(first, line, sizeof(line));
	put_at(path, buf_str(&out), 0644);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_ENDED);
	revocations_done(&r);
	buf_done(&out);
	buf_done(&other);
}

/* A search does not touch all; whoever checks all finds it. */
static void
refuses_records_that_are_not_in_order(void **state)
{
	static const char *const wrong[] = { "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
					     "00000000-0000-4000-8000-000000000000" };
	static const char *const twice[] = { "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
					     "0c1d2e3f-4a5b-4c6d-8e7f-901234567890" };
	struct revocations r;

	(void)state;
	put_head(later, sids, 2);
	revocations_init(&r, path, 0);
	put_head(soon, sids, 2);
	assert_int_equal(revocations_load(&r, NULL), ERR_OK);
	assert_int_equal(revocations_check_all(&r, NULL), ERR_OK);
	put_head(soon, wrong, 2);
	assert_int_equal(revocations_load(&r, NULL), ERR_OK);
	assert_int_equal(revocations_check_all(&r, NULL), ERR_SYNTAX);
	put_head(soon, twice, 2);
	assert_int_equal(revocations_load(&r, NULL), ERR_OK);
	assert_int_equal(revocations_check_all(&r, NULL), ERR_SYNTAX);
	put_head(soon, sids, 2);
	put_head(later, wrong, 2);
	assert_int_equal(revocations_load(&r, NULL), ERR_OK);
	assert_int_equal(revocations_check_all(&r, NULL), ERR_SYNTAX);
	revocations_done(&r);
}

/* The kernel would end a reader that touches a page which is gone. */
static void
a_file_that_is_cut_under_the_reader_refuses_and_does_not_end_it(void **state)
{
	const char *const paths[] = { path, later_path };
	struct revocations r;

	(void)state;
	for (size_t f = 0; f < COUNT(paths); f++) {
		put_pair(sids, 2, 4);
		revocations_init(&r, path, 0);
		assert_int_equal(revocations_load(&r, NULL), ERR_OK);
		assert_int_equal(truncate(paths[f], 0), 0);
		/* without a look at the files: it is cut between the look and the search */
		assert_int_equal(revocations_find(&r, str_of(sids[0])),
				 f == 0 ? REVOCATIONS_DAMAGED : REVOCATIONS_PRESENT);
		assert_int_equal(revocations_find(&r, STR("8fffffff-ffff-4fff-bfff-"
							  "ffffffffffff")),
				 REVOCATIONS_DAMAGED);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
		put_pair(sids, 2, 4);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_ENDED);
		revocations_done(&r);
	}
}

/* In a child: end by SIGBUS as before, whoever caused it. */
static int
signal_that_ends(bool fault)
{
	struct revocations r;
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		char *p;
		FILE *f = tmpfile();

		signal(SIGBUS, SIG_DFL); /* not cmocka's */
		revocations_init(&r, path, 0);
		if (f == NULL || revocations_load(&r, NULL) != ERR_OK ||
		    ftruncate(fileno(f), 4096) != 0)
			_exit(1);
		p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fileno(f), 0);
		if (p == MAP_FAILED || ftruncate(fileno(f), 0) != 0)
			_exit(1);
		if (!fault)
			raise(SIGBUS);
		_exit(*(volatile char *)p == 0 ? 2 : 3);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
a_bus_error_of_somebody_else_is_not_caught(void **state)
{
	(void)state;
	put_pair(sids, 1, 2);
	assert_int_equal(signal_that_ends(true), SIGBUS);
	assert_int_equal(signal_that_ends(false), SIGBUS);
}

static void
refuses_a_file_that_everyone_may_write(void **state)
{
	const char *const paths[] = { path, later_path };
	struct revocations r;

	(void)state;
	put_pair(sids, 1, 2);
	revocations_init(&r, path, 0);
	for (size_t f = 0; f < COUNT(paths); f++) {
		assert_int_equal(chmod(paths[f], 0666), 0);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_FAILED);
		assert_int_equal(chmod(paths[f], 0664), 0);
		assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	}
	revocations_done(&r);
}

static void
refuses_a_file_that_is_too_old(void **state)
{
	struct revocations r;

	(void)state;
	put_pair(sids, 0, 0);
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

/* ---- the floor ---- */

static void
a_floor_ends_what_was_issued_until_then(void **state)
{
	static const char *const floored[] = { REVOCATIONS_FLOOR_SID,
					       "0c1d2e3f-4a5b-4c6d-8e7f-901234567890" };
	const int64_t floor = NOW + 600; /* as put_head writes it */
	struct revocations r;

	(void)state;
	put_pair(floored, 2, 2);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, floored[1]), REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	assert_true(revocations_covers(&r, floor, floor + 600));
	assert_true(revocations_covers(&r, floor - 86000, floor));
	assert_false(revocations_covers(&r, floor + 1, floor + 601));
	/* longer than any login's token lives */
	assert_false(revocations_covers(&r, floor, floor + REVOCATIONS_LOGIN_LIFE + 1));
	put_pair(sids, 2, 2);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	assert_false(revocations_covers(&r, floor, floor + 600));
	revocations_done(&r);
}

/* ---- version 1 ---- */

#define HEAD1 "doorward-revocations 1 000000001 001795464000    \n"
#define HEAD2 "doorward-revocations 1 000000002 001795464000    \n"
#define SID1 "0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600\n"
#define SID2 "1c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600\n"

static void
a_file_of_version_1_lists_everything_by_itself(void **state)
{
	struct revocations r;

	(void)state;
	unlink(later_path);
	put_at(path, STR(HEAD2 SID1 SID2), 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_NONE);
	assert_int_equal(ask(&r, sids[3]), REVOCATIONS_NONE);
	put_head(later, sids, 1); /* of before somebody went back to the old programs */
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_NONE);
	put_head(soon, sids + 2, 1);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_ENDED);
	assert_int_equal(ask(&r, sids[1]), REVOCATIONS_NONE);
	revocations_done(&r);
}

static void
refuses_a_file_of_version_1_that_is_not_whole(void **state)
{
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
	put_head(later, sids, 0);
	put_at(path, STR(HEAD2 SID1 SID2), 0644);
	revocations_init(&r, path, 0);
	assert_int_equal(ask(&r, sids[0]), REVOCATIONS_NONE);
	for (size_t i = 0; i < COUNT(bad); i++) {
		put_at(path, str_of(bad[i]), 0644);
		assert_int_equal(ask(&r, sids[0]), REVOCATIONS_FAILED);
	}
	revocations_done(&r);
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
		cmocka_unit_test(finds_each_in_either_file_and_nothing_else),
		cmocka_unit_test(finds_sids_that_are_not_random_at_all),
		cmocka_unit_test(reads_the_largest_file_that_a_writer_makes),
		cmocka_unit_test(notices_every_change_of_either_file_at_once),
		cmocka_unit_test(maps_nothing_again_when_nothing_changes),
		cmocka_unit_test(
			who_has_mapped_the_old_files_goes_on_when_they_are_replaced),
		cmocka_unit_test(refuses_when_either_file_is_missing_until_it_is_there),
		cmocka_unit_test(refuses_two_files_that_do_not_belong_together),
		cmocka_unit_test(refuses_one_of_the_files_in_the_place_of_the_other),
		cmocka_unit_test(refuses_a_file_that_is_cut_or_has_too_much),
		cmocka_unit_test(refuses_when_a_record_that_it_needs_has_a_wrong_byte),
		cmocka_unit_test(
			refuses_a_record_in_the_place_of_another_one_or_from_another_pair),
		cmocka_unit_test(refuses_records_that_are_not_in_order),
		cmocka_unit_test(
			a_file_that_is_cut_under_the_reader_refuses_and_does_not_end_it),
		cmocka_unit_test(a_bus_error_of_somebody_else_is_not_caught),
		cmocka_unit_test(refuses_a_file_that_everyone_may_write),
		cmocka_unit_test(refuses_a_file_that_is_too_old),
		cmocka_unit_test(refuses_a_directory_and_a_pipe),
		cmocka_unit_test(a_floor_ends_what_was_issued_until_then),
		cmocka_unit_test(a_file_of_version_1_lists_everything_by_itself),
		cmocka_unit_test(refuses_a_file_of_version_1_that_is_not_whole),
		cmocka_unit_test(only_a_uuid_in_small_letters_can_be_revoked),
	};

	return cmocka_run_group_tests(tests, make_file, remove_files);
}
