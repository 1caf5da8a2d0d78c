/*
 * Files compiled into the programs (tools/embed): page templates, texts and
 * the stylesheet from share/; tables and functions from sql/. Each table is in
 * the order of the file names and ends with an entry whose name is NULL.
 */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "base/str.h"

struct embedded {
	const char *name; /* without its directory */
	struct str bytes;
	const char *version; /* the first 24 hexadecimal digits of their SHA-256 */
};

extern const struct embedded embedded_share[];
extern const struct embedded embedded_sql[];       /* sql/NNN_noun.sql */
extern const struct embedded embedded_functions[]; /* sql/functions/ */

#endif
