#include "db/db.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "db/db_private.h"

static int
count_hosts(const PQconninfoOption *options)
{
	int most = 1;

	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		int n = 1;

		if (o->val == NULL || (strcmp(o->keyword, "host") != 0 &&
				       strcmp(o->keyword, "hostaddr") != 0))
			continue;
		for (const char *p = o->val; *p != '\0'; p++)
			n += *p == ',';
		most = n > most ? n : most;
	}
	return most;
}

static bool
holds_password(const PQconninfoOption *options)
{
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++)
		if (o->val != NULL && *o->val != '\0' &&
		    (strcmp(o->keyword, "password") == 0 ||
		     strcmp(o->keyword, "sslpassword") == 0))
			return true;
	return false;
}

static enum err
open_any(struct db **out, const char *conninfo, const char *application,
	 const struct db_schema *schema, bool patient, struct why *why)
{
	struct db *db = calloc(1, sizeof(*db));
	char *message = NULL;
	enum err e;

	*out = NULL;
	if (db == NULL)
		return ERR_MEMORY;
	db->application = application;
	db->patient = patient;
	db->schema = schema;
	db->options = PQconninfoParse(conninfo, &message);
	if (db->options == NULL) {
		e = db_why(why, ERR_SYNTAX, "database", message != NULL ? message : "");
		PQfreemem(message);
	} else if (holds_password(db->options)) {
		e = why_set(why, ERR_PERMISSION,
			    "database: a password does not belong into the settings; "
			    "name a file with passfile=");
	} else if ((db->hosts = count_hosts(db->options)) > DB_HOSTS_MAX) {
		e = why_set(why, ERR_LIMIT, "database: more than %d hosts", DB_HOSTS_MAX);
	} else {
		*out = db;
		return ERR_OK;
	}
	db_close(db);
	return e;
}

enum err
db_open(struct db **db, const char *conninfo, const char *application,
	const struct db_schema *schema, struct why *why)
{
	return open_any(db, conninfo, application, schema, false, why);
}

enum err
db_open_patient(struct db **db, const char *conninfo, const char *application,
		const struct db_schema *schema, struct why *why)
{
	return open_any(db, conninfo, application, schema, true, why);
}

enum err
db_open_raw(struct db **db, const char *conninfo, const char *application,
	    struct why *why)
{
	enum err e = open_any(db, conninfo, application, NULL, true, why);

	if (e == ERR_OK)
		(*db)->raw = true;
	return e;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	db_disconnect(db);
	PQconninfoFree(db->options);
	free(db);
}

void
db_user(const char *conninfo, char *user, size_t size)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

	user[0] = '\0';
	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
		if (strcmp(o->keyword, "user") == 0 && o->val != NULL &&
		    strlen(o->val) < size)
			memcpy(user, o->val, strlen(o->val) + 1);
	PQconninfoFree(options);
}

/*
 * If the idle socket is readable, the server has closed the connection, or is about
 * to. A request must not fail because of that.
 */
static void
drop_if_stale(struct db *db)
{
	struct pollfd fd;

	if (db->conn == NULL || db->raw)
		return;
	fd = (struct pollfd){ .fd = PQsocket(db->conn), .events = POLLIN };
	if (clock_monotonic_ms() - db->opened_ms > DB_AGE_MS ||
	    PQstatus(db->conn) != CONNECTION_OK ||
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE || poll(&fd, 1, 0) != 0)
		db_disconnect(db);
}

/*
 * 25006: the server was demoted to a standby and takes reads only. 0A000: a function
 * returns something else than when this connection prepared its statement. 42883: the
 * function no longer exists. XX000: it was replaced between two steps of the statement
 * ("cache lookup failed"). A new connection checks the schema first.
 */
static bool
is_connection_of_no_use(const PGresult *result)
{
	static const char *const codes[] = { "25006", "0A000", "42883", "XX000" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (db_is_state(result, codes[i]))
			return true;
	return false;
}

/*
 * Two transactions waited for each other, and the server rolled this one back. It was
 * a single statement, so it can be sent again.
 */
static bool
is_victim(const struct db *db, const PGresult *result)
{
	return (db_is_state(result, "40P01") || db_is_state(result, "40001")) &&
	       PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

/*
 * Without a pause the same statement could come first again, and deadlock with the
 * same one.
 */
static void
let_the_other_pass(void)
{
	const struct timespec pause = { 0, DB_GIVE_WAY_MS * 1000000L };

	nanosleep(&pause, NULL);
}

/*
 * Only a statement is made to stop. A connection that is begun is finished: cancelled
 * half-way it would look like a database that is away, to the request that waits.
 */
static enum err
connect_whole(struct db *db, int64_t deadline, struct why *why)
{
	struct db_stopping *stopping = db->stopping;
	enum err e;

	db->stopping = NULL;
	e = db_connect(db, deadline, why);
	db->stopping = stopping;
	return e;
}

/*
 * `*again` is set if the connection was an old one and turned out to be dead, if its
 * server is a standby, or if nothing was done for a reason that passes. Our functions
 * may be called twice: a try then counts twice, a renewal gets the same answer, and a
 * login fails because of its own token.
 */
static enum err
query_once(struct db *db, const char *sql, const struct db_args *a, int64_t deadline,
	   PGresult **result, bool *again, struct why *why)
{
	bool old = db->conn != NULL;
	enum err e;

	*result = NULL;
	*again = false;
	if (!old && (e = connect_whole(db, deadline, why)) != ERR_OK)
		return e;
	*result = db_exchange(db, sql, a, deadline, why);
	if (*result == NULL) {
		*again = old && PQstatus(db->conn) != CONNECTION_OK;
		db_disconnect(db);
		return ERR_DATABASE;
	}
	e = db_result_error(*result, why);
	if (e != ERR_OK && db_is_statement_lost(*result)) {
		db->pooled = *again = true;
		return e;
	}
	if (e != ERR_OK && is_victim(db, *result)) {
		let_the_other_pass();
		*again = true;
		return e;
	}
	*again = e != ERR_OK && is_connection_of_no_use(*result);
	if (*again || PQstatus(db->conn) != CONNECTION_OK)
		db_disconnect(db);
	return e;
}

static void
keep_refusal(struct db *db, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (state != NULL && strncmp(state, "DW", 2) == 0)
		snprintf(db->refusal, sizeof(db->refusal), "%s", state);
}

const char *
db_refusal(const struct db *db)
{
	return db->refusal;
}

/*
 * Send one statement, and a second time if query_once says so. No other function
 * repeats a statement.
 */
static enum err
query(struct db *db, const char *sql, const struct db_args *a, PGresult **result,
      struct why *why)
{
	int64_t now = clock_monotonic_ms();
	int64_t deadline = now + (db->patient ? DB_PATIENT_MS : DB_DEADLINE_MS);
	bool again;
	enum err e;

	db->refusal[0] = '\0';
	if (now < db->rest_until)
		return why_set(why, ERR_DATABASE, "the database was away a moment ago");
	drop_if_stale(db);
	e = query_once(db, sql, a, deadline, result, &again, why);
	if (again && !db->raw) {
		PQclear(*result);
		e = query_once(db, sql, a, deadline, result, &again, why);
	}
	keep_refusal(db, *result);
	if (db->conn == NULL && !db->patient)
		db->rest_until = clock_monotonic_ms() + DB_REST_MS;
	return e;
}

enum err
db_query(struct db *db, const char *sql, struct db_args *a, struct db_rows **rows,
	 struct why *why)
{
	PGresult *result = NULL;
	enum err e = a != NULL ? a->failed : ERR_OK;

	if (rows != NULL)
		*rows = NULL;
	if (e != ERR_OK)
		why_set(why, e, "database: a value that cannot be stored");
	else
		e = query(db, sql, a, &result, why);
	if (e == ERR_OK && rows != NULL) {
		*rows = calloc(1, sizeof(**rows));
		if (*rows == NULL)
			e = ERR_MEMORY;
		else
			(*rows)->result = result;
	}
	if (e != ERR_OK || rows == NULL)
		PQclear(result);
	if (a != NULL)
		db_args_done(a);
	return e;
}

enum err
db_query_row(struct db *db, const char *sql, struct db_args *a, struct db_rows **rows,
	     struct why *why)
{
	enum err e = db_query(db, sql, a, rows, why);

	if (e == ERR_OK && db_count(*rows) != 1) {
		db_rows_free(*rows);
		*rows = NULL;
		e = why_set(why, ERR_DATABASE, "database: one row expected");
	}
	return e;
}

enum err
db_query_until(struct db *db, const char *sql, const struct db_stop *stop,
	       struct db_rows **rows, bool *stopped, struct why *why)
{
	struct db_stopping s = { stop, clock_monotonic_ms() + stop->most_ms, false };
	enum err e;

	db->stopping = &s;
	e = db_query_row(db, sql, NULL, rows, why);
	db->stopping = NULL;
	*stopped = e != ERR_OK && s.cancelled;
	return *stopped ? ERR_OK : e;
}
