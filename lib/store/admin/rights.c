#include "store/admin/rights.h"

enum err
rights_list(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db,
			"select admin_role, role, allowed"
			" from doorward.admin_rights_list()",
			NULL, rows, why);
}

enum err
rights_set(struct db *db, struct str admin, const struct str *roles, size_t n,
	   bool allowed, struct str actor, bool *changed, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*changed = false;
	db_args_init(&a);
	db_arg_text(&a, admin);
	db_arg_words(&a, roles, n);
	db_arg_bool(&a, allowed);
	db_arg_text(&a, actor);
	e = db_query_row(db,
			 "select doorward.admin_rights_set($1::text, $2::text[],"
			 " $3::boolean, $4::text)",
			 &a, &rows, why);
	if (e == ERR_OK)
		*changed = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
rights_last_admin(struct db *db, struct str name, bool *last, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*last = false;
	db_args_init(&a);
	db_arg_text(&a, name);
	e = db_query_row(db, "select doorward.admin_last_is($1::text)", &a, &rows, why);
	if (e == ERR_OK)
		*last = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
rights_fresh(struct db *raw, int64_t seconds, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_int(&a, seconds);
	return db_query(raw,
			"update doorward.admin_fresh set seconds = $1"
			" where seconds <> $1",
			&a, NULL, why);
}
