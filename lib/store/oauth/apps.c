#include "store/oauth/apps.h"

enum err
apps_list(struct db *db, struct str user, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return db_query(
		db,
		"select client_id, name, scopes, given_at, used_at, offline, grants"
		" from doorward.oauth_apps($1::uuid)",
		&a, rows, why);
}

enum err
apps_of(struct db *db, struct str name, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	return db_query(
		db,
		"select client_id, name, scopes, given_at, used_at, offline, grants"
		" from doorward.client_people($1::text)",
		&a, rows, why);
}

enum err
apps_withdraw(struct db *db, struct str user, struct str client, struct str address,
	      int64_t *ended, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*ended = 0;
	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_text(&a, client);
	db_arg_address(&a, address);
	e = db_query_row(
		db,
		"select ended from doorward.oauth_withdraw($1::uuid, $2::text, $3::inet)",
		&a, &rows, why);
	if (e != ERR_OK)
		return e;
	*ended = db_int(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}
