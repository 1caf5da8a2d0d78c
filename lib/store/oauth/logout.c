#include "store/oauth/logout.h"

enum err
oauth_logout_look(struct db *db, struct str client, struct str user, struct str sid,
		  struct oauth_logout *logout, struct why *why)
{
	struct db_args a;
	enum err e;

	*logout = (struct oauth_logout){ .found = false };
	db_args_init(&a);
	db_arg_text(&a, client);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, sid);
	e = db_query(db,
		     "select name, logouts, session_id, id_sid"
		     " from doorward.oauth_logout_look($1::text, $2::uuid, $3::uuid)",
		     &a, &logout->rows, why);
	if (e != ERR_OK || db_count(logout->rows) == 0)
		return e;
	logout->found = true;
	logout->name = db_str(logout->rows, 0, 0);
	logout->logouts = db_str(logout->rows, 0, 1);
	logout->here = !db_is_null(logout->rows, 0, 2);
	logout->id_sid = db_str(logout->rows, 0, 3);
	return ERR_OK;
}

void
oauth_logout_done(struct oauth_logout *logout)
{
	db_rows_free(logout->rows);
	*logout = (struct oauth_logout){ .found = false };
}

enum err
oauth_logout_end(struct db *db, const struct oauth_hinted *hinted, struct str address,
		 struct buf *revoked, bool *ended, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*ended = false;
	db_args_init(&a);
	db_arg_text(&a, hinted->client);
	db_arg_uuid(&a, hinted->user);
	db_arg_text(&a, hinted->id_sid);
	db_arg_address(&a, address);
	e = db_query_row(db,
			 "select ended, revoked from doorward.oauth_logout_end("
			 "$1::text, $2::uuid, $3::text, $4::inet)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*ended = db_bool(rows, 0, 0);
	buf_add(revoked, db_str(rows, 0, 1));
	db_rows_free(rows);
	return ERR_OK;
}
