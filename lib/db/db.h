/*
 * PostgreSQL. A process has one connection, which is opened when it is first needed
 * and opened again after it was lost. Every call has its own deadline, which includes
 * connecting. After a failure all calls fail at once for DB_REST_MS, so a database
 * that is away delays only one request.
 *
 * Values reach SQL as parameters only. pgbouncer may be in between, also in
 * transaction mode: each call is one transaction. Two things of the session are used:
 * its limits, which the role carries (db/limits.h), and prepared statements, whose
 * loss is noticed.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "db/schema.h"

#define DB_DEADLINE_MS 2500 /* of one call, connecting included */
#define DB_PATIENT_CONNECT_MS 10000
#define DB_PATIENT_MS 600000 /* of one call of db_open_patient and db_open_raw */
#define DB_REST_MS 1000      /* after a failure, calls fail at once for this long */
#define DB_AGE_MS 300000     /* a connection is replaced after this long */
#define DB_ARGS_MAX 20

struct db;
struct db_rows;

/*
 * `conninfo` contains libpq's keyword=value words. ERR_SYNTAX if it cannot be read,
 * ERR_PERMISSION if it contains a password (passfile= names a file with one). Does not
 * connect yet. `application` is shown in pg_stat_activity. A database whose schema is
 * not `schema` is refused (ERR_SCHEMA). All three are borrowed.
 */
enum err db_open(struct db **db, const char *conninfo, const char *application,
		 const struct db_schema *schema, struct why *why);
void db_close(struct db *db); /* NULL is allowed */

/* As db_open, for the operator's command, whose statements may take long. */
enum err db_open_patient(struct db **db, const char *conninfo, const char *application,
			 const struct db_schema *schema, struct why *why);

/*
 * Store the role that `conninfo` names in `user`, with its NUL. Empty if it names none
 * or cannot be read. Does not connect.
 */
void db_user(const char *conninfo, char *user, size_t size);

/* The parameters $1, $2, … of one call, in order. */
struct db_args {
	struct buf text;
	struct {
		size_t at;
		bool null;
	} arg[DB_ARGS_MAX];
	int n;
	enum err failed; /* the first argument that could not be added */
};

void db_args_init(struct db_args *a);
void db_args_done(struct db_args *a); /* wipes them */

/* Text. Refused with ERR_SYNTAX if it contains NUL or is not UTF-8. */
void db_arg_text(struct db_args *a, struct str s);
void db_arg_text_or_null(struct db_args *a, struct str s); /* empty is NULL */

/*
 * Text that may be shown but decides nothing (a User-Agent). It is cut at `max` bytes,
 * between two characters. NULL if it is empty or not plain UTF-8.
 */
void db_arg_label(struct db_args *a, struct str s, size_t max);

/* A UUID. If `s` is none, NULL, which equals nothing. */
void db_arg_uuid(struct db_args *a, struct str s);

void db_arg_bytes(struct db_args *a, struct str bytes); /* bytea; empty is NULL */
void db_arg_int(struct db_args *a, int64_t n);
void db_arg_bool(struct db_args *a, bool b);
void db_arg_null(struct db_args *a);
void db_arg_words(struct db_args *a, const struct str *words, size_t n); /* text[] */

/*
 * An IP address as inet. NULL if PostgreSQL does not know it. The zone of a scoped
 * address is dropped, and an IPv4 address in IPv6 form becomes IPv4.
 */
void db_arg_address(struct db_args *a, struct str s);

/*
 * Run one statement. `a` may be NULL, and so may `rows` if they do not matter. A
 * statement that the server undid because of a deadlock (40P01) or a serialization
 * failure (40001) is sent once more. `a` is freed in any case. ERR_DATABASE: the
 * server is away, too slow, or refused. ERR_SCHEMA: its schema is not ours, and `why`
 * names `doorward db migrate`. ERR_EXISTS, ERR_SYNTAX, ERR_NOT_FOUND: the statement
 * broke a unique, check or foreign key rule of the schema.
 */
enum err db_query(struct db *db, const char *sql, struct db_args *a,
		  struct db_rows **rows, struct why *why);

/* As above, and exactly one row must come back. */
enum err db_query_row(struct db *db, const char *sql, struct db_args *a,
		      struct db_rows **rows, struct why *why);

/*
 * Functions of ours may refuse a statement with an SQLSTATE of their own, DW and three
 * digits. That of the last statement, or an empty string.
 */
const char *db_refusal(const struct db *db);

/* When a statement for which nobody waits is to be stopped. */
struct db_stop {
	bool (*is_wanted)(void *arg); /* asked every few milliseconds meanwhile */
	void *arg;
	int64_t most_ms; /* and after this time in any case */
};

/*
 * As db_query_row, without parameters. If the statement has to stop, it is cancelled:
 * nothing of it is done, `*stopped` is true and `*rows` is NULL.
 */
enum err db_query_until(struct db *db, const char *sql, const struct db_stop *stop,
			struct db_rows **rows, bool *stopped, struct why *why);

/* Values, borrowed from the rows. NULL is read as the empty str, 0 or false. */
size_t db_count(const struct db_rows *rows);
bool db_is_null(const struct db_rows *rows, size_t row, int column);
struct str db_str(const struct db_rows *rows, size_t row, int column);
int64_t db_int(const struct db_rows *rows, size_t row, int column);
bool db_bool(const struct db_rows *rows, size_t row, int column);

/* Copy into an array with room for `size` bytes, with NUL. False if it is too long. */
bool db_copy(const struct db_rows *rows, size_t row, int column, char *to, size_t size);

void db_rows_free(struct db_rows *rows); /* wipes; NULL is allowed */

/*
 * For migrations and for waiting on notifications only: a connection whose schema is
 * not checked and whose statements may take long.
 */
enum err db_open_raw(struct db **db, const char *conninfo, const char *application,
		     struct why *why);

/*
 * Wait until a notification comes on `channel` (a plain word), or until `timeout_ms`
 * have passed. Returns at once if it had to connect, because earlier notifications
 * were missed. For a `db` of db_open_raw.
 */
enum err db_listen(struct db *db, const char *channel, int64_t timeout_ms,
		   struct why *why);

#endif
