/*
 * A statement that may have to stop, for test_database_stop.py:
 *
 *   stop_probe CONNINFO MOST_MS LOOKS STATEMENT [unconnected]
 *
 * It is wanted at the look after so many. The connection stands before, or is the
 * statement's first task. Two lines: milliseconds, `stopped`, `error` or
 * the value, then the value of another statement on the same connection.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "db/db.h"

static bool
count_down(void *arg)
{
	int *looks = arg;

	return (*looks)-- <= 0;
}

int
main(int argc, char **argv)
{
	int looks = argc > 3 ? atoi(argv[3]) : 0;
	const struct db_stop stop = { count_down, &looks, argc > 2 ? atoi(argv[2]) : 0 };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	bool stopped = false;
	int64_t start;
	struct db *db;
	enum err e;

	if (argc < 5 || db_open(&db, argv[1], "login", &embedded_schema, &why) != ERR_OK)
		return 2;
	if (argc == 5)
		db_query(db, "select 1", NULL, NULL, &why);
	start = clock_monotonic_ms();
	e = db_query_until(db, argv[4], &stop, &rows, &stopped, &why);
	printf("%lld %s\n", (long long)(clock_monotonic_ms() - start),
	       stopped       ? "stopped"
	       : e != ERR_OK ? "error"
			     : db_str(rows, 0, 0).p);
	db_rows_free(rows);
	e = db_query_row(db, "select pg_backend_pid()::text", NULL, &rows, &why);
	printf("%s\n", e == ERR_OK ? db_str(rows, 0, 0).p : why.text);
	db_rows_free(rows);
	db_close(db);
	return 0;
}
