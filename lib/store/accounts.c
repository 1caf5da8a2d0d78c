#include "store/accounts.h"

#include "db/named.h"
#include "store/sessions_row.h"
#include "store/ways.h"

static enum err
read_account(const struct db_rows *rows, struct account *a, struct why *why)
{
	enum err e = sessions_row(rows, 0, &a->session, why);

	if (e != ERR_OK)
		return e;
	a->created_at = db_int(rows, 0, 10);
	a->password_at = db_int(rows, 0, 11);
	a->address_verified = db_bool(rows, 0, 15);
	a->has_password = db_bool(rows, 0, 17);
	a->ways = factors_ways(db_str(rows, 0, 18));
	a->factor_at = db_int(rows, 0, 19);
	a->tokens = db_int(rows, 0, 20);
	a->apps = db_int(rows, 0, 21);
	if (!db_copy(rows, 0, 12, a->display_name, sizeof(a->display_name)) ||
	    !db_copy(rows, 0, 13, a->language, sizeof(a->language)) ||
	    !db_copy(rows, 0, 14, a->address, sizeof(a->address)) ||
	    !db_copy(rows, 0, 16, a->address_wanted, sizeof(a->address_wanted)))
		return why_set(why, ERR_DATABASE,
			       "database: account_find: unexpected value");
	return ERR_OK;
}

enum err
accounts_find(struct db *db, struct str user, struct str sid, struct account *account,
	      bool *found, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	*account = (struct account){ 0 };
	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, sid);
	e = db_query(
		db,
		"select $1::uuid, name, roles, session_id, $2::uuid, opened_at, ends_at,"
		" remember, auth_time, amr, created_at, password_at, display_name,"
		" language, address, address_verified, address_wanted, has_password,"
		" factors, factor_at, tokens, apps"
		" from doorward.account_find($1::uuid, $2::uuid)",
		&a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1 && (e = read_account(rows, account, why)) == ERR_OK)
		*found = true;
	db_rows_free(rows);
	return e;
}

enum err
accounts_sessions(struct db *db, struct str user, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return db_query(db,
			"select id, sid, opened_at, used_at, address, agent, remember,"
			" amr, factor_at"
			" from doorward.account_sessions($1::uuid)",
			&a, rows, why);
}

/* A call that answers with one number or boolean. */
static enum err
answer(struct db *db, const char *sql, struct db_args *a, bool *yes, int64_t *n,
       struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, sql, a, &rows, why);

	*yes = false;
	*n = 0;
	if (e != ERR_OK)
		return e;
	*yes = db_bool(rows, 0, 0);
	*n = db_int(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
accounts_session_end(struct db *db, struct str user, struct str id, struct str address,
		     bool *ended, struct why *why)
{
	struct db_args a;
	int64_t n;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, id);
	db_arg_address(&a, address);
	return answer(db,
		      "select doorward.account_session_end($1::uuid, $2::uuid, $3::inet)",
		      &a, ended, &n, why);
}

enum err
accounts_sessions_end(struct db *db, struct str user, struct str sid, struct str address,
		      int64_t *device_version, struct why *why)
{
	struct db_args a;
	bool yes;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_text_or_null(&a, sid);
	db_arg_address(&a, address);
	return answer(db,
		      "select device_version"
		      " from doorward.account_sessions_end($1::uuid, $2::uuid, $3::inet)",
		      &a, &yes, device_version, why);
}

enum err
accounts_password_begin(struct db *db, struct str user, struct str address,
			struct accounts_password *row, bool *found, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	*row = (struct accounts_password){ 0 };
	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_address(&a, address);
	e = db_query(db,
		     "select wait, name, password_hash, password_version from"
		     " doorward.account_password_begin($1::uuid, $2::inet)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1) {
		row->wait = db_int(rows, 0, 0);
		row->version = db_int(rows, 0, 3);
		*found = db_copy(rows, 0, 1, row->name, sizeof(row->name)) &&
			 db_copy(rows, 0, 2, row->hash, sizeof(row->hash));
	}
	db_rows_free(rows);
	return e;
}

enum err
accounts_password_failed(struct db *db, struct str user, struct str address,
			 struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_address(&a, address);
	return db_query(db, "select doorward.account_password_failed($1::uuid, $2::inet)",
			&a, NULL, why);
}

enum err
accounts_password_unjudged(struct db *db, struct str user, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return db_query(db, "select doorward.account_password_unjudged($1::uuid)", &a,
			NULL, why);
}

#define PASSWORD_END(FIRST, NEXT)                                                        \
	FIRST(1, p_user, uuid, db_arg_uuid(a, user))                                     \
	NEXT(2, p_version, integer, db_arg_int(a, version))                              \
	NEXT(3, p_hash, text, db_arg_text(a, hash))                                      \
	NEXT(4, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(5, p_address, inet, db_arg_address(a, address))                             \
	NEXT(6, p_tell, boolean, db_arg_bool(a, tell))                                   \
	NEXT(7, p_programs, boolean, db_arg_bool(a, programs))

enum err
accounts_password_end(struct db *db, struct str user, int64_t version, struct str hash,
		      struct str sid, struct str address, bool tell, bool programs,
		      int64_t *device_version, struct why *why)
{
	struct db_args args, *a = &args;
	bool yes;

	db_args_init(a);
	NAMED_ADD(PASSWORD_END);
	return answer(db,
		      "select doorward.account_password_end(" NAMED_SQL(PASSWORD_END) ")",
		      a, &yes, device_version, why);
}
