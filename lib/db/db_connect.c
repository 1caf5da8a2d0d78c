#include "db/db_private.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db/limits.h"

/* Used if conninfo does not name others. */
static const struct {
	const char *keyword, *value;
} usual[] = {
	{ "client_encoding", "UTF8" }, { "target_session_attrs", "read-write" },
	{ "gssencmode", "disable" }, /* looking for Kerberos takes milliseconds */
	{ "keepalives_idle", "30" },   { "keepalives_interval", "5" },
	{ "keepalives_count", "3" },   { "tcp_user_timeout", "2000" },
};

/* Element `i` of a comma-separated list. A single element is used for every `i`. */
static bool
list_item(const char *list, int i, char *to, size_t size)
{
	struct str rest = str_of(list), item = { "", 0 };

	if (str_index(rest, ',') == rest.n) {
		item = rest;
	} else {
		while (i-- >= 0)
			item = str_cut(&rest, ',');
	}
	if (item.n >= size)
		return false;
	if (item.n > 0)
		memcpy(to, item.p, item.n);
	to[item.n] = '\0';
	return true;
}

static bool
is_usual(const char *keyword, const char **value)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (strcmp(usual[i].keyword, keyword) == 0) {
			*value = usual[i].value;
			return true;
		}
	return false;
}

struct host {
	char name[256], address[256], port[32];
};

/*
 * The value of one option for one host. libpq could try the hosts by itself, but
 * without a time limit for each.
 */
static const char *
option_value(const struct db *db, const PQconninfoOption *o, const struct host *host)
{
	const char *value;

	if (strcmp(o->keyword, "host") == 0)
		return host->name;
	if (strcmp(o->keyword, "hostaddr") == 0)
		return host->address;
	if (strcmp(o->keyword, "port") == 0)
		return host->port;
	if (strcmp(o->keyword, "application_name") == 0 && o->val == NULL)
		return db->application;
	if (o->val == NULL && is_usual(o->keyword, &value))
		return value;
	return o->val;
}

static const char *
option_find(const struct db *db, const char *keyword)
{
	for (const PQconninfoOption *o = db->options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

static PGconn *
connect_start(const struct db *db, int i)
{
	const char *keywords[DB_OPTIONS_MAX], *values[DB_OPTIONS_MAX];
	struct host host;
	size_t n = 0;

	if (!list_item(option_find(db, "host"), i, host.name, sizeof(host.name)) ||
	    !list_item(option_find(db, "hostaddr"), i, host.address,
		       sizeof(host.address)) ||
	    !list_item(option_find(db, "port"), i, host.port, sizeof(host.port)))
		return NULL;
	for (const PQconninfoOption *o = db->options;
	     o->keyword != NULL && n < DB_OPTIONS_MAX - 1; o++) {
		keywords[n] = o->keyword;
		values[n] = option_value(db, o, &host);
		if (values[n] != NULL && *values[n] != '\0')
			n++;
	}
	keywords[n] = values[n] = NULL;
	return PQconnectStartParams(keywords, values, 0);
}

static bool
connect_finish(PGconn *conn, int64_t deadline)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	if (conn == NULL || PQstatus(conn) == CONNECTION_BAD)
		return false;
	while (state != PGRES_POLLING_OK) {
		if (state == PGRES_POLLING_FAILED ||
		    !db_wait(conn, state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
			     deadline))
			return false;
		state = PQconnectPoll(conn);
	}
	return PQsetnonblocking(conn, 1) == 0;
}

static void
ignore_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

/* Another number than ours: what helps depends on which one is older. */
static enum err
tell_number(const char *number, int64_t theirs, int ours, struct why *why)
{
	if (theirs > ours)
		return why_set(why, ERR_SCHEMA,
			       "the database has schema %s and this program knows %d: "
			       "install the programs of the version whose `doorward db "
			       "migrate` was run",
			       number, ours);
	return why_set(why, ERR_SCHEMA,
		       "the database has schema %s and this program knows %d: run "
		       "`doorward db migrate`, or the SQL of `doorward db script --from "
		       "%s`",
		       number, ours, number);
}

/* True if the schema is ours: its number and the checksum of its functions. */
static enum err
compare_schema(const struct db *db, PGresult *result, struct why *why)
{
	const char *number = PQgetvalue(result, 0, 0);
	int64_t theirs;

	if (!str_to_int(str_of(number), 0, INT32_MAX, &theirs))
		return why_set(why, ERR_SCHEMA, "the database has no schema of ours");
	if (theirs != db->schema->number)
		return tell_number(number, theirs, db->schema->number, why);
	if (strcmp(PQgetvalue(result, 0, 1), db->schema->functions) != 0)
		return why_set(why, ERR_SCHEMA,
			       "the database has the functions of another version than "
			       "this program: install the newer programs, or run "
			       "`doorward db migrate` or the SQL of `doorward db script "
			       "--from %s` of the newer version",
			       number);
	return ERR_OK;
}

/* Set the server's limits and read the version of its schema, in one round trip. */
static enum err
check_schema(struct db *db, int64_t deadline, struct why *why)
{
	enum err e = ERR_DATABASE;
	struct db_args a;
	PGresult *result;

	db_args_init(&a);
	db_arg_int(&a, db->patient ? DB_PATIENT_MS : LIMITS_STATEMENT_MS);
	db_arg_bool(&a, db->patient);
	result = a.failed != ERR_OK ? NULL
				    : db_exchange(db, limits_sql, &a, deadline, why);
	db_args_done(&a);
	if (result == NULL)
		return e;
	if ((e = db_result_error(result, why)) == ERR_OK)
		e = compare_schema(db, result, why);
	PQclear(result);
	return e;
}

static enum err
connect_host(struct db *db, int i, int64_t deadline, struct why *why)
{
	enum err e = ERR_OK;

	db->conn = connect_start(db, i);
	if (!connect_finish(db->conn, deadline)) {
		bool refused = PQstatus(db->conn) == CONNECTION_BAD;

		db_why(why, ERR_DATABASE, "cannot connect to the database",
		       refused ? PQerrorMessage(db->conn) : "no answer in time");
		db_disconnect(db);
		return ERR_DATABASE;
	}
	PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
	db->opened_ms = clock_monotonic_ms();
	if (!db->raw)
		e = check_schema(db, deadline, why);
	if (e != ERR_OK)
		db_disconnect(db);
	return e;
}

enum err
db_connect(struct db *db, int64_t deadline, struct why *why)
{
	int64_t patience = clock_monotonic_ms() + DB_PATIENT_CONNECT_MS;
	enum err e = ERR_DATABASE;

	if (deadline > patience)
		deadline = patience;
	for (int tried = 0; tried < db->hosts; tried++) {
		int i = (db->host + tried) % db->hosts;
		int64_t now = clock_monotonic_ms();
		int64_t slice = (deadline - now) / (db->hosts - tried);

		e = connect_host(db, i, now + slice, why);
		if (e == ERR_OK) {
			db->host = i;
			return e;
		}
		if (e == ERR_SCHEMA)
			return e;
	}
	return e;
}

void
db_disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->n_statements = 0;
}
