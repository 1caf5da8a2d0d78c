/*
 * The form of the two revocation files (revocations.h), and how bytes of that form are
 * searched without reading all of them.
 *
 * They are text in lines of 64 bytes: 50 bytes of content, padded with spaces, two
 * spaces, a check in 8 hexadecimal digits, three spaces and a line feed. So no line
 * lies across two pages of memory.
 *
 *   doorward-revocations 2 000000001 001795464000       4be3a07d
 *   soon  9f86d081884c7d65 000000000003 001795463990    d1c09a22
 *   0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600   71f0b3ce
 *
 * First line: how many records follow the two lines of the head, and when the file was
 * written (seconds since 1970). Second line: which file it is (soon or later), the
 * number of its pair, its serial, and the database's time up to which it lists all.
 * Then the records, sorted by sid: the sid, and until when.
 *
 * The check of a line covers its content, the number of the line, which file it is in
 * and the number of the pair. So a line that was damaged, moved, or taken from another
 * pair of files does not pass. It is no protection against people: whoever may write
 * the file can compute it.
 *
 * Version 1 was one file with lines of 50 bytes without checks, and one line of head.
 */
#ifndef REVOCATIONS_VIEW_H
#define REVOCATIONS_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define REVOCATIONS_LINE 64
#define REVOCATIONS_HEAD 2     /* lines */
#define REVOCATIONS_MAX 335000 /* records of a file; `doorward status` warns at half */
#define REVOCATIONS_RECORDS_MAX (REVOCATIONS_MAX + 1) /* with that of the floor */
#define REVOCATIONS_BYTES                                                                \
	((REVOCATIONS_RECORDS_MAX + REVOCATIONS_HEAD) * REVOCATIONS_LINE)

struct revocations_head {
	size_t n; /* records */
	int64_t written;
	bool later; /* which file it is */
	uint64_t pair;
	/*
	 * later: counts how often it was written. soon: the serial that the other file
	 * had when this one was written. The other file never has a lower one.
	 */
	int64_t serial;
	int64_t listed; /* the database's time; 0: not known */
};

struct revocations_view {
	struct revocations_head head;
	struct str bytes; /* borrowed */
	bool checked;     /* the lines have checks; false for version 1 */
};

/* Zero is damage, so a search that was not made does not let anybody in. */
enum revocations_found {
	REVOCATIONS_DAMAGED = 0,
	REVOCATIONS_ABSENT,
	REVOCATIONS_PRESENT
};

/*
 * Read the head of `bytes`, which must have the length that it says. Of version 2, no
 * record is read. Of version 1, each is: it has no checks. ERR_SYNTAX with `why`,
 * which begins with `path`; the view is then empty.
 */
enum err revocations_view_open(struct revocations_view *v, struct str bytes,
			       const char *path, struct why *why);

/* Check every record. ERR_SYNTAX with `why`. */
enum err revocations_view_check(const struct revocations_view *v, const char *path,
				struct why *why);

/*
 * Search `sid`. Every record that is looked at must be whole and in its order, and the
 * two between which an absent sid would stand are looked at. Of n records, some log
 * log n are touched, because sids are random.
 */
enum revocations_found revocations_view_find(const struct revocations_view *v,
					     struct str sid);

/* Of a record that is known to be whole. */
struct str revocations_view_sid(const struct revocations_view *v, size_t i);
int64_t revocations_view_until(const struct revocations_view *v, size_t i);
bool revocations_view_is_whole(const struct revocations_view *v, size_t i);

/*
 * For the writer: append the head, then the records in ascending order, each with its
 * index from 0 on. A value that has no such form marks `out` as failed.
 */
void revocations_put_head(struct buf *out, const struct revocations_head *head);
void revocations_put(struct buf *out, const struct revocations_head *head, size_t i,
		     struct str sid, int64_t until);

#endif
