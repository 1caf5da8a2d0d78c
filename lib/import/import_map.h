/*
 * What a dump says of a number before or after it says whose number that is: the roles
 * of a user's id, the name of a group's. A key may have several values.
 */
#ifndef IMPORT_MAP_H
#define IMPORT_MAP_H

#include "base/buf.h"
#include "base/str.h"

struct import_map {
	struct buf text;
	struct import_entry *entries;
	size_t n, size;
	bool sorted, failed;
};

void import_map_init(struct import_map *m);
void import_map_done(struct import_map *m); /* wipes */

/* Add a copy of `value`. Without memory the map is marked as failed. */
void import_map_add(struct import_map *m, int64_t key, struct str value);

/*
 * The `i`-th value of `key`, in the order in which they were added. False: it has not so
 * many. Borrowed until the next addition.
 */
bool import_map_get(struct import_map *m, int64_t key, size_t i, struct str *value);

#endif
