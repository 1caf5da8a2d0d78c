/*
 * Computes the content of the next revocation file: everything that the database lists
 * and everything that the present file holds, until it expires.
 *
 * So the order in which two writers asked the database does not matter. An older
 * answer cannot remove from the file what a newer one has added. A database that has
 * forgotten a revocation (a backup was restored, a standby that was behind took over)
 * cannot remove it either.
 *
 * The file has a limit. A list that would exceed it loses its older half, and the file
 * then says up to when: every token of a login that was issued before that time is
 * refused (revocations_covers in revocations.h). Nobody is logged out by that, because
 * browsers renew their tokens without being seen, and API clients renew them with
 * their refresh tokens. Tokens of `doorward token issue` are never summed up in this
 * way.
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

/* In ascending order of sid; `floor` as in struct revocations, 0: none. */
struct revocation_list {
	struct revocation *items;
	size_t n;
	int64_t floor;
};

/*
 * Write the union of `file` and `database` into `out`, without entries that have
 * expired at `now` or that the floor covers. The items of `out` have room for all of
 * both. Of two times for the same sid, the later one counts. If more than `max`
 * entries would be left, the floor is raised. ERR_LIMIT: even the tokens of `doorward
 * token issue` alone are more than that. ERR_MEMORY.
 */
enum err revocations_merge(const struct revocation_list *file,
			   const struct revocation_list *database, int64_t now,
			   size_t max, struct revocation_list *out);

#endif
