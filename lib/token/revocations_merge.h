/*
 * What the next revocation file holds: everything that the database lists and
 * everything that the present file holds, until it has run out.
 *
 * So nothing depends on the order in which two writers asked the database: an
 * older answer cannot take out of the file what a newer one has put into it, and
 * a database that has forgotten a revocation (a backup was restored, a standby
 * that was behind took over) cannot either.
 *
 * The file has a ceiling. A list that would pass it loses its older half, and
 * instead says up to when: every login's token that was issued before then is
 * refused (revocations_covers in revocations.h). Nobody is logged out by that:
 * browsers renew unseen, API clients by their refresh token. Only what `doorward
 * token issue` has made is never put together like this.
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
 * The union of `file` and `database`, without what has run out at `now` or is
 * covered by the floor, into `out`, whose items have room for all of both. Of two
 * times for a sid the later one counts. If more than `max` would be left, the
 * floor is raised. ERR_LIMIT: there are more issued ones than that; ERR_MEMORY.
 */
enum err revocations_merge(const struct revocation_list *file,
			   const struct revocation_list *database, int64_t now,
			   size_t max, struct revocation_list *out);

#endif
