/*
 * Computes the content of the next revocation files: everything that the database
 * lists and everything that the present files hold, until it expires.
 *
 * So the order in which two writers asked the database does not matter. An older
 * answer cannot remove from the files what a newer one has added. A database that has
 * forgotten a revocation (a backup was restored, a standby that was behind took over)
 * cannot remove it either.
 *
 * What the database lists goes into `later` if it ends after more than
 * REVOCATIONS_SOON, otherwise into `soon`. It stays where it is, so that time
 * alone has no file written.
 *
 * A file has a limit. If `soon` would exceed it, the list loses its older half, and
 * then says up to when: every token of a login that was issued before that time is
 * refused (revocations_covers in revocations.h). Nobody is logged out by that, because
 * browsers renew their tokens without being seen, and API clients renew them with
 * their refresh tokens. Tokens of programs are never summed up in this way: they are
 * in `later`, or they have expired.
 */
#ifndef REVOCATIONS_MERGE_H
#define REVOCATIONS_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct revocation {
	struct str sid; /* borrowed */
	int64_t until;
};

/* In ascending order of sid. */
struct revocation_list {
	struct revocation *items;
	size_t n;
};

struct revocation_lists {
	struct revocation_list soon, later;
	int64_t floor; /* as in struct revocations; 0: none */
};

/* Sort by sid. */
void revocations_sort(struct revocation_list *l);

/* Write the union of `a` and `b` into `out`. Of two times, the later one counts. */
void revocations_unite(const struct revocation_list *a, const struct revocation_list *b,
		       struct revocation_list *out);

/*
 * Write the lists of the next files into `out`, without entries that have expired at
 * `now` or that the floor covers. Each list of `out` has room for the same list of
 * `files` and all of `database`. If `soon` would have more than `max` entries, the
 * floor is raised. ERR_LIMIT: `later` has more than that. ERR_MEMORY.
 */
enum err revocations_merge(const struct revocation_lists *files,
			   const struct revocation_list *database, int64_t now,
			   size_t max, struct revocation_lists *out);

#endif
