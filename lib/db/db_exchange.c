/* Sends one statement to the server and receives its result before a deadline. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "db/db_private.h"

#define LOOK_MS 4 /* between two looks whether to stop */

/* The message as one line, without libpq's trailing newline. */
enum err
db_why(struct why *why, enum err e, const char *what, const char *message)
{
	struct str rest = str_of(message), line = str_cut(&rest, '\n');

	if (line.n > 300)
		line.n = 300;
	return why_set(why, e, "%s: %.*s", what, STR_ARG(line));
}

bool
db_wait(PGconn *conn, short events, int64_t deadline)
{
	struct pollfd fd = { .fd = PQsocket(conn), .events = events };
	int64_t left;
	int n;

	do {
		left = deadline - clock_monotonic_ms();
		if (left <= 0 || fd.fd < 0)
			return false;
		n = poll(&fd, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

/* If that fails, the statement goes on to its own end. */
static void
cancel(PGconn *conn)
{
	PGcancel *c = PQgetCancel(conn);
	char message[256];

	if (c != NULL)
		PQcancel(c, message, sizeof(message));
	PQfreeCancel(c);
}

/* Until an answer arrives. Meanwhile the statement may have to stop. */
static bool
wait_for_answer(struct db *db, int64_t deadline)
{
	struct db_stopping *s = db->stopping;

	while (s != NULL && !s->cancelled && PQsocket(db->conn) >= 0) {
		int64_t now = clock_monotonic_ms();

		if (now >= s->end_ms || s->stop->is_wanted(s->stop->arg)) {
			s->cancelled = true;
			cancel(db->conn);
		} else if (db_wait(db->conn, POLLIN, now + LOOK_MS)) {
			return true;
		}
	}
	return db_wait(db->conn, POLLIN, deadline);
}

static bool
flush(PGconn *conn, int64_t deadline)
{
	int left;

	while ((left = PQflush(conn)) > 0) {
		if (!db_wait(conn, POLLIN | POLLOUT, deadline) || !PQconsumeInput(conn))
			return false;
	}
	return left == 0;
}

/*
 * The last result, or the first that failed. NULL: the connection is lost, or it took
 * too long.
 */
static PGresult *
collect(struct db *db, int64_t deadline)
{
	PGconn *conn = db->conn;
	PGresult *result = NULL, *next;

	if (!flush(conn, deadline))
		return NULL;
	for (;;) {
		while (PQisBusy(conn))
			if (!wait_for_answer(db, deadline) || !PQconsumeInput(conn))
				goto lost;
		next = PQgetResult(conn);
		if (next == NULL)
			return result;
		if (result == NULL || PQresultStatus(result) != PGRES_FATAL_ERROR) {
			PQclear(result);
			result = next;
		} else {
			PQclear(next);
		}
	}
lost:
	PQclear(result);
	return NULL;
}

/* NULL: send the statement as it is. */
static struct db_statement *
prepare(struct db *db, const char *sql, int64_t deadline)
{
	struct db_statement *s = db_statement(db, sql);
	PGresult *result;

	if (s == NULL || s->prepared)
		return s;
	if (!PQsendPrepare(db->conn, s->name, sql, 0, NULL))
		return NULL;
	result = collect(db, deadline);
	s->prepared = PQresultStatus(result) == PGRES_COMMAND_OK;
	db->pooled = db->pooled || db_is_statement_lost(result);
	PQclear(result);
	return s->prepared ? s : NULL;
}

static bool
send_statement(struct db *db, const char *sql, const struct db_args *a, int64_t deadline)
{
	const char *values[DB_ARGS_MAX];
	int n = a != NULL ? a->n : 0;
	struct db_statement *s;

	/* several statements at once (a migration) only without parameters */
	if (n == 0)
		return (db->raw ? PQsendQuery(db->conn, sql)
				: PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL,
						    NULL, 0)) == 1;
	for (int i = 0; i < n; i++)
		values[i] = a->arg[i].null ? NULL : a->text.p + a->arg[i].at;
	if ((s = prepare(db, sql, deadline)) != NULL)
		return PQsendQueryPrepared(db->conn, s->name, n, values, NULL, NULL, 0) ==
		       1;
	return PQsendQueryParams(db->conn, sql, n, NULL, values, NULL, NULL, 0) == 1;
}

PGresult *
db_exchange(struct db *db, const char *sql, const struct db_args *a, int64_t deadline,
	    struct why *why)
{
	PGresult *result = NULL;

	if (send_statement(db, sql, a, deadline))
		result = collect(db, deadline);
	if (result == NULL)
		db_why(why, ERR_DATABASE, "the database does not answer",
		       PQstatus(db->conn) == CONNECTION_OK ? "too slow"
							   : PQerrorMessage(db->conn));
	return result;
}

/* The SQLSTATEs that we treat specially. */
static const struct {
	const char *state;
	enum err e;
} states[] = {
	{ "23505", ERR_EXISTS },    /* unique */
	{ "23514", ERR_SYNTAX },    /* check */
	{ "23503", ERR_NOT_FOUND }, /* foreign key */
	{ "22P02", ERR_SYNTAX },    /* not a number, UUID, … */
	{ "3F000", ERR_SCHEMA },    /* no such schema, function, table, column: */
	{ "42883", ERR_SCHEMA },    { "42P01", ERR_SCHEMA },
	{ "42703", ERR_SCHEMA },    { "42501", ERR_PERMISSION },
};

enum err
db_result_error(const PGresult *result, struct why *why)
{
	ExecStatusType status = PQresultStatus(result);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum err e = ERR_DATABASE;

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return ERR_OK;
	for (size_t i = 0; state != NULL && i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(state, states[i].state) == 0)
			e = states[i].e;
	if (e == ERR_SCHEMA)
		return db_why(why, e,
			      "the database is not prepared: run `doorward db migrate`",
			      message);
	if (e == ERR_PERMISSION)
		return db_why(
			why, ERR_DATABASE,
			"the database role lacks a right: run `doorward db migrate` "
			"and name the role",
			message);
	return db_why(why, e, "database", message != NULL ? message : "no reason given");
}
