/*
 * The names and addresses that occurred in the users that are brought: for a dry run,
 * where the database does not know what earlier users of the same file would be.
 */
#ifndef COMMAND_IMPORT_SEEN_H
#define COMMAND_IMPORT_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct import_seen {
	struct import_seen_entry *entries;
	size_t n, size; /* the size is a power of two */
};

/* False without memory. `*line`: where `key` was seen first, else 0. */
bool import_seen_add(struct import_seen *s, char kind, struct str key, size_t at,
		     size_t *line);
void import_seen_done(struct import_seen *s);

#endif
