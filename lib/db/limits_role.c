#include "db/limits.h"

/* The statements that the role $1 still needs. $2: milliseconds for a statement. */
static const char missing_sql[] =
	"select string_agg(format('alter role %I in database %I set %I to %L;',"
	" r.rolname, d.datname, l.name, l.value), E'\n')"
	" from pg_roles r, pg_database d, (values"
	" (1, 'statement_timeout', $2::integer::text),"
	" (2, 'lock_timeout', $2::integer::text),"
	" (3, 'idle_in_transaction_session_timeout', '" LIMITS_IDLE "'),"
	" (4, 'default_transaction_isolation', '" LIMITS_ISOLATION "'),"
	" (5, 'search_path', '" LIMITS_PATH "')) l (n, name, value)"
	" where r.rolname = $1::text and d.datname = current_database()"
	" and not exists (select 1 from pg_db_role_setting s where s.setrole = r.oid"
	" and s.setdatabase = d.oid and l.name || '=' || l.value = any(s.setconfig))";

enum err
limits_missing(struct db *raw, struct str role, struct buf *sql, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_text(&a, role);
	db_arg_int(&a, LIMITS_STATEMENT_MS);
	if ((e = db_query_row(raw, missing_sql, &a, &rows, why)) != ERR_OK)
		return e;
	e = buf_add(sql, db_str(rows, 0, 0)) ? ERR_OK : ERR_LIMIT;
	db_rows_free(rows);
	return e;
}

enum err
limits_carry(struct db *raw, struct str role, struct buf *sql, struct why *why)
{
	enum err e = limits_missing(raw, role, sql, why);

	if (e != ERR_OK || sql->n == 0)
		return e;
	if ((e = db_query(raw, buf_z(sql), NULL, NULL, why)) == ERR_OK)
		buf_clear(sql);
	return e;
}
