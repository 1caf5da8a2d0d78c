/*
 * CSV (RFC 4180) in UTF-8: rows are lines, cells are separated by commas, and a cell in
 * double quotes may hold commas, line ends and "" for a quote. Line ends are CRLF or LF.
 * A byte order mark at the start and empty lines are skipped.
 *
 * A spreadsheet runs a cell that begins with = + - @, a tab or CR as a formula. The writer
 * puts an apostrophe before such a cell, and before one that begins with an apostrophe;
 * csv_plain takes it away.
 */
#ifndef IMPORT_CSV_H
#define IMPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

#define CSV_CELLS_MAX 64
#define CSV_ROW_MAX 65536 /* bytes of a row's cells */

struct csv {
	struct str rest;
	size_t next;     /* the number of the next line, from 1 */
	size_t line;     /* on which the last row begins */
	struct buf text; /* the cells of the last row */
	struct str cells[CSV_CELLS_MAX];
	size_t n;
	const char *wrong; /* why the last row is refused */
};

/* `text` is borrowed. */
void csv_init(struct csv *c, struct str text);
void csv_done(struct csv *c); /* wipes; a second call is allowed */

/*
 * CSV_REFUSED: the row is not as above, or is too long; `wrong` says why, and the next
 * call goes on after it. A quote that never closes takes the rest of the text with it.
 */
enum csv_next { CSV_END = 0, CSV_ROW, CSV_REFUSED };
enum csv_next csv_next(struct csv *c);

/* The cell without the apostrophe that the writer put before it. */
struct str csv_plain(struct str cell);

/* Append one cell, after a comma unless it is the first of its row. */
void csv_put(struct buf *out, struct str cell, bool first);

/* End the row (CRLF). */
void csv_put_end(struct buf *out);

#endif
