/*
 * The inside of db/db*.c; the only header that knows libpq.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <libpq-fe.h>

#include "db/db.h"

#define DB_HOSTS_MAX 8
#define DB_OPTIONS_MAX 64

#define DB_GIVE_WAY_MS 50 /* pause before a deadlock's victim tries again */
#define DB_STATEMENTS_MAX 16

struct db_statement {
	const char *sql; /* compared by address: they are literals */
	unsigned uses;
	bool prepared;
	char name[32];
};

/* A statement that may have to stop. */
struct db_stopping {
	const struct db_stop *stop;
	int64_t end_ms;
	bool cancelled;
};

struct db {
	PQconninfoOption *options; /* of the settings, owns their text */
	const char *application;
	const struct db_schema *schema; /* NULL: not compared */
	bool raw;                       /* schema not checked, statements without limit */
	bool patient;       /* statements may take long; raw is patient, too */
	int hosts;          /* how many conninfo names */
	int host;           /* the one that worked last */
	PGconn *conn;       /* NULL: not connected */
	int64_t opened_ms;  /* when */
	int64_t rest_until; /* no attempt to connect before this time */
	struct db_statement statements[DB_STATEMENTS_MAX]; /* of this connection */
	size_t n_statements;
	char refusal[6]; /* see db_refusal */
	bool pooled;     /* a pooler does not keep statements; this never changes back */
	struct db_stopping *stopping; /* NULL: the present one runs to its end */
};

struct db_rows {
	PGresult *result;
};

/* Connect to the first host that takes writes, until `deadline`. */
enum err db_connect(struct db *db, int64_t deadline, struct why *why);
void db_disconnect(struct db *db);

/* Wait until the socket can be read or written. False if the deadline passed. */
bool db_wait(PGconn *conn, short events, int64_t deadline);

/*
 * Send one statement and receive its result. NULL if the connection was lost, or it
 * took too long.
 */
PGresult *db_exchange(struct db *db, const char *sql, const struct db_args *a,
		      int64_t deadline, struct why *why);

/*
 * The statement, if this connection has used it often enough to prepare it. Otherwise
 * NULL (db_statement.c).
 */
struct db_statement *db_statement(struct db *db, const char *sql);

/* Is it an error with that SQLSTATE? */
bool db_is_state(const PGresult *result, const char *state);

/*
 * True for an error that says that the prepared statement does not exist. Nothing was
 * executed.
 */
bool db_is_statement_lost(const PGresult *result);

/* The error that a result stands for. */
enum err db_result_error(const PGresult *result, struct why *why);

/* A message of libpq or the server on one line. */
enum err db_why(struct why *why, enum err e, const char *what, const char *message);

#endif
