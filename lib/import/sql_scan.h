/* The tokens of SQL in a dump. Comments are skipped. */
#ifndef IMPORT_SQL_SCAN_H
#define IMPORT_SQL_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Any other token is one character, as itself. */
enum { SQL_END = 0, SQL_WORD = 256, SQL_NAME, SQL_STRING };

struct sql_scan {
	struct str all;
	size_t at;      /* after the token */
	bool backslash; /* is an escape in strings */
	bool cut;       /* the text ended within a string or name */
	int token;
	char quote;      /* of the string */
	struct str text; /* a word or number; a name or string as between its quotes */
	size_t counted, line;
};

/* Begins with the first token. */
void sql_scan_init(struct sql_scan *s, struct str text);
void sql_scan_next(struct sql_scan *s);

/* Is the token this word, in capitals or not? */
bool sql_scan_is(const struct sql_scan *s, const char *word);

/* Append what the string means. */
void sql_scan_add_string(const struct sql_scan *s, struct buf *out);

/* The line of the token. */
size_t sql_scan_line(struct sql_scan *s);

/*
 * Go behind the lines that follow COPY … FROM stdin; up to one that is \. The token is then
 * the semicolon.
 */
void sql_scan_skip_copy(struct sql_scan *s);

#endif
