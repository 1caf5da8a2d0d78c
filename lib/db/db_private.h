/*
 * The inside of db/db*.c; the only header that knows libpq.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <libpq-fe.h>

#include "db/db.h"

#define DB_HOSTS_MAX 8
#define DB_OPTIONS_MAX 64

#define DB_GIVE_WAY_MS 50 /* before a deadlock's victim tries again */
#define DB_STATEMENTS_MAX 16

struct db_statement {
	const char *sql; /* by its address: they are literals */
	unsigned uses;
	bool prepared;
	char name[32];
};

struct db {
	PQconninfoOption *options; /* of the settings, owns their text */
	const char *application;
	const struct db_schema *schema; /* NULL: not compared */
	bool raw;           /* no check of the schema, no limit on statements */
	bool patient;       /* statements may take long; raw is patient, too */
	int hosts;          /* how many conninfo names */
	int host;           /* the one that worked last */
	PGconn *conn;       /* NULL: not connected */
	int64_t opened_ms;  /* when */
	int64_t rest_until; /* no attempt before that */
	struct db_statement statements[DB_STATEMENTS_MAX]; /* of this connection */
	size_t n_statements;
	bool pooled; /* a pooler stands between that keeps no statements: for good */
};

struct db_rows {
	PGresult *result;
};

/* Connect to the first host that takes writes, until `deadline`. */
enum err db_connect(struct db *db, int64_t deadline, struct why *why);
void db_disconnect(struct db *db);

/* Wait until the socket can be read or written. False: the deadline passed. */
bool db_wait(PGconn *conn, short events, int64_t deadline);

/* Send one statement and collect its result; NULL: lost or too late. */
PGresult *db_exchange(struct db *db, const char *sql, const struct db_args *a,
		      int64_t deadline, struct why *why);

/*
 * The statement, when it has come up often enough on this connection to be
 * prepared; else NULL (db_statement.c).
 */
struct db_statement *db_statement(struct db *db, const char *sql);

/* Is it an error with that SQLSTATE? */
bool db_is_state(const PGresult *result, const char *state);

/* An error that says: what was prepared is not there. Nothing was executed. */
bool db_is_statement_lost(const PGresult *result);

/* What a result that is an error means. */
enum err db_result_error(const PGresult *result, struct why *why);

/* A message of libpq or the server on one line. */
enum err db_why(struct why *why, enum err e, const char *what, const char *message);

#endif
