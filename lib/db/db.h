/*
 * PostgreSQL: one connection a process, opened at first use and opened again
 * when it was lost. Every call has a deadline of its own, connecting included,
 * and after a failure calls fail at once for DB_REST_MS, so that a database
 * that is away costs a request no more than that once.
 *
 * Values reach SQL as parameters only. pgbouncer may stand in between, in
 * transaction mode too: each call is one transaction; of the session nothing is
 * relied upon but its limits, which the role carries (db/limits.h), and
 * statements that were prepared, whose loss is noticed.
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
#define DB_REST_MS 1000      /* after a failure */
#define DB_AGE_MS 300000     /* a connection is replaced after this long */
#define DB_ARGS_MAX 20

struct db;
struct db_rows;

/*
 * `conninfo`: libpq's keyword=value words. ERR_SYNTAX when it cannot be read,
 * ERR_PERMISSION when it holds a password (passfile= names a file with one).
 * Connects to nothing yet. `application` is shown in pg_stat_activity. A database
 * whose schema is not `schema` is refused (ERR_SCHEMA). All three are borrowed.
 */
enum err db_open(struct db **db, const char *conninfo, const char *application,
		 const struct db_schema *schema, struct why *why);
void db_close(struct db *db); /* NULL is allowed */

/* The same for the operator's command, whose statements may take long. */
enum err db_open_patient(struct db **db, const char *conninfo, const char *application,
			 const struct db_schema *schema, struct why *why);

/*
 * The role that `conninfo` names, into `user` with its NUL; empty when it names
 * none or cannot be read. Does not connect.
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
	enum err failed; /* the first that could not be added */
};

void db_args_init(struct db_args *a);
void db_args_done(struct db_args *a); /* wipes them */

/* Text: refused with ERR_SYNTAX when it holds NUL or is not UTF-8. */
void db_arg_text(struct db_args *a, struct str s);
void db_arg_text_or_null(struct db_args *a, struct str s); /* empty is NULL */

/*
 * Text that may be shown but decides nothing (a User-Agent): cut at `max`
 * bytes between two characters; NULL when it is empty or not plain UTF-8.
 */
void db_arg_label(struct db_args *a, struct str s, size_t max);

/* A UUID; NULL, which equals nothing, when `s` is none. */
void db_arg_uuid(struct db_args *a, struct str s);

void db_arg_bytes(struct db_args *a, struct str bytes); /* bytea; empty is NULL */
void db_arg_int(struct db_args *a, int64_t n);
void db_arg_bool(struct db_args *a, bool b);
void db_arg_null(struct db_args *a);
void db_arg_words(struct db_args *a, const struct str *words, size_t n); /* text[] */

/*
 * An IP address as inet. NULL when `s` is none that PostgreSQL knows; the zone
 * of a scoped one is dropped, an IPv4 address in IPv6 form becomes IPv4.
 */
void db_arg_address(struct db_args *a, struct str s);

/*
 * Run one statement. `a` may be NULL, `rows` too when they do not matter. What the
 * server undid because of a deadlock (40P01) or a serialization failure (40001) is
 * sent once more.
 * Afterwards `a` is done in any case. ERR_DATABASE: away, too slow or refused;
 * ERR_SCHEMA: its schema is not ours, `why` names `doorward db migrate`;
 * ERR_EXISTS, ERR_SYNTAX, ERR_NOT_FOUND: the statement broke a unique, check
 * or foreign key rule of the schema.
 */
enum err db_query(struct db *db, const char *sql, struct db_args *a,
		  struct db_rows **rows, struct why *why);

/* The same, and exactly one row must come back. */
enum err db_query_row(struct db *db, const char *sql, struct db_args *a,
		      struct db_rows **rows, struct why *why);

/* Values, borrowed from the rows; NULL reads as the empty str, 0, false. */
size_t db_count(const struct db_rows *rows);
bool db_is_null(const struct db_rows *rows, size_t row, int column);
struct str db_str(const struct db_rows *rows, size_t row, int column);
int64_t db_int(const struct db_rows *rows, size_t row, int column);
bool db_bool(const struct db_rows *rows, size_t row, int column);

/* Into an array with room for `size` bytes, with NUL. False when too long. */
bool db_copy(const struct db_rows *rows, size_t row, int column, char *to, size_t size);

void db_rows_free(struct db_rows *rows); /* wipes; NULL is allowed */

/*
 * For migrations and for waiting on notifications only: a connection that is
 * not checked for its schema, whose statements may take long.
 */
enum err db_open_raw(struct db **db, const char *conninfo, const char *application,
		     struct why *why);

/*
 * Wait until something is said on `channel` (a plain word), or `timeout_ms` have
 * passed. Returns at once after it had to connect: what was said before that
 * was missed. For a `db` of db_open_raw.
 */
enum err db_listen(struct db *db, const char *channel, int64_t timeout_ms,
		   struct why *why);

#endif
