#include "store/imports.h"

enum err
imports_add(struct db *db, struct str users, bool dry, struct str actor,
	    struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, users);
	db_arg_bool(&a, dry);
	db_arg_text(&a, actor);
	return db_query(db,
			"select outcome, name_key, address_key"
			" from doorward.users_import($1::jsonb, $2::boolean, $3)",
			&a, rows, why);
}

enum err
imports_list(struct db *db, struct str after, int64_t limit, struct db_rows **rows,
	     struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, after);
	db_arg_int(&a, limit);
	return db_query(
		db,
		"select id, name, address, verified, display_name, roles, disabled,"
		" created_at, last_login_at, name_key"
		" from doorward.users_export($1, $2::integer)",
		&a, rows, why);
}

enum err
imports_list_hashes(struct db *db, struct str after, int64_t limit, struct db_rows **rows,
		    struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, after);
	db_arg_int(&a, limit);
	return db_query(db,
			"select id, password_hash from doorward.users_export_hashes($1, "
			"$2::integer)",
			&a, rows, why);
}
