/*
 * A program's connection to the database on its own, for test_database_calls.py:
 *
 *   db_probe CONNINFO < STATEMENTS
 *
 * A statement a line, each with the parameter $1, a text. For each one line:
 * milliseconds TAB the first value, or `error` and why.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "db/db.h"

/* The same text at the same address each time: db.c knows statements by that. */
static const char *
kept(const char *line)
{
	static char texts[8][1024];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i][0] == '\0')
			snprintf(texts[i], sizeof(texts[i]), "%s", line);
		if (strcmp(texts[i], line) == 0)
			return texts[i];
	}
	return "select 'too many statements'";
}

static void
run(struct db *db, const char *sql)
{
	int64_t start = clock_monotonic_ms();
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_text(&a, STR("x"));
	e = db_query(db, sql, &a, &rows, &why);
	printf("%lld\t", (long long)(clock_monotonic_ms() - start));
	if (e != ERR_OK)
		printf("error %s: %s\n", err_text(e), why.text);
	else
		printf("%.*s\n",
		       STR_ARG(db_count(rows) > 0 ? db_str(rows, 0, 0) : STR("")));
	fflush(stdout);
	db_rows_free(rows);
}

int
main(int argc, char **argv)
{
	struct why why = { "" };
	char line[1024];
	struct db *db;

	if (argc != 2 ||
	    db_open(&db, argv[1], "login", &embedded_schema, &why) != ERR_OK) {
		fprintf(stderr, "db_probe: %s\n", why.text);
		return 2;
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		run(db, kept(line));
	}
	db_close(db);
	return 0;
}
