#include "db/migrate.h"

enum err
migrate_role(struct db *raw, const char *program, struct str role, bool *changed,
	     struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_text(&a, role);
	db_arg_text(&a, str_of(program));
	e = db_query(raw,
		     "with named as (insert into doorward.program_role (role, program)"
		     " select rolname, $2 from pg_roles where rolname = $1::text"
		     " on conflict (program) do update set role = excluded.role"
		     " where program_role.role <> excluded.role returning 1)"
		     " select exists (select 1 from named) from pg_roles"
		     " where rolname = $1::text",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*changed = db_count(rows) > 0 && db_bool(rows, 0, 0);
	if (db_count(rows) == 0)
		e = why_set(why, ERR_NOT_FOUND,
			    "the database has no role %.*s: create it first (createuser "
			    "%.*s)",
			    STR_ARG(role), STR_ARG(role));
	db_rows_free(rows);
	return e;
}

enum err
migrate_role_of(struct db *raw, const char *program, struct db_rows **rows,
		struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, str_of(program));
	return db_query(
		raw,
		"select p.role from doorward.program_role p"
		" join pg_roles r on r.rolname = p.role"
		" where p.program = $1 and r.oid <> (select c.relowner from pg_class c"
		" where c.oid = 'doorward.program_role'::regclass)",
		&a, rows, why);
}
