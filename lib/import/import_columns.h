/*
 * A table of users in CSV whose header names the columns, in any order. Each source has
 * its own names for them.
 */
#ifndef IMPORT_COLUMNS_H
#define IMPORT_COLUMNS_H

#include "import/import.h"

enum import_meaning {
	IMPORT_UNUSED = 0,
	IMPORT_NAME,
	IMPORT_ADDRESS,
	IMPORT_DISPLAY_NAME,
	IMPORT_ROLES,
	IMPORT_HASH,
	IMPORT_DISABLED, /* yes or no: true, 1, yes, false, 0, no, or empty, which is no */
	IMPORT_VERIFIED  /* the same; empty is yes */
};

struct import_column {
	const char *name; /* as the header writes it; upper and lower case are the same */
	enum import_meaning meaning;
};

/*
 * As `read` of a source. `columns` ends with a NULL name. A column that is not in it is refused,
 * so that a slip (`pasword_hash`) is noticed, unless `others`: then it is skipped.
 */
enum err import_columns(struct str text, const struct import_column *columns, bool others,
			const struct import_taker *taker, struct why *why);

#endif
