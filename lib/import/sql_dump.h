/*
 * The rows in a dump of a database: INSERT statements as sqlite3's .dump, mysqldump,
 * phpMyAdmin and pg_dump --inserts write them. Backslashes in strings are escapes if the
 * dump writes names in backticks, as MariaDB and MySQL do. Everything else in the dump is
 * skipped. Nothing is executed.
 */
#ifndef IMPORT_SQL_DUMP_H
#define IMPORT_SQL_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define SQL_DUMP_COLUMNS 8       /* that a reader may want of a table */
#define SQL_DUMP_ROW_MAX 1048576 /* bytes of the wanted values of a row */

struct sql_dump_row {
	struct str table; /* its whole name, without quotes and schema */
	size_t line;
	struct str values[SQL_DUMP_COLUMNS]; /* in the order of `columns` */
	bool null[SQL_DUMP_COLUMNS];         /* NULL, or there is no such column */
	const char *wrong; /* why the row cannot be read; then no value is there */
};

struct sql_dump_table {
	const char *name; /* the whole name, or with `prefixed` how the name ends */
	bool prefixed;
	/* A table without one of them is another one. "?name" may be missing. */
	const char *columns[SQL_DUMP_COLUMNS + 1];
	/* Called for each row; false stops. The row is borrowed until it returns. */
	bool (*row)(void *context, const struct sql_dump_row *row);
};

/*
 * `tables` ends with a NULL name. `*found`: there was a row of one of them. ERR_SYNTAX: the
 * text ends within a statement, or has rows of such a table as COPY.
 */
enum err sql_dump_read(struct str text, const struct sql_dump_table *tables,
		       void *context, bool *found, struct why *why);

#endif
