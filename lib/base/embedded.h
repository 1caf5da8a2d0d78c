/*
 * Files of share/ and sql/, compiled into the programs (tools/embed). One table a folder, so
 * that a program holds those that it names; by file name; an entry without a name ends it.
 */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "base/str.h"

struct embedded {
	const char *name; /* without its directory */
	struct str bytes;
	const char *version; /* the first 24 hexadecimal digits of their SHA-256 */
};

/* A folder of share/, by its name. */
struct embedded_folder {
	const char *name; /* "login"; NULL after the last one of an array */
	const struct embedded *files;
};

extern const struct embedded embedded_share_account[];
extern const struct embedded embedded_share_admin[];
extern const struct embedded embedded_share_common[];
extern const struct embedded embedded_share_gate[];
extern const struct embedded embedded_share_login[];
extern const struct embedded embedded_share_mail[];
extern const struct embedded embedded_share_oauth[];
extern const struct embedded embedded_share_phrases[];
extern const struct embedded embedded_share_protected[];
extern const struct embedded embedded_sql[];       /* sql/NNN_noun.sql */
extern const struct embedded embedded_functions[]; /* sql/functions/ */

#endif
