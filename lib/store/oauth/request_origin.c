#include "store/oauth/request_origin.h"

static enum err
read_row(const struct db_rows *rows, struct request_origin *origin, struct why *why)
{
	if (db_copy(rows, 0, 0, origin->leads_to, sizeof(origin->leads_to)) &&
	    db_copy(rows, 0, 1, origin->login_hint, sizeof(origin->login_hint)) &&
	    db_copy(rows, 0, 2, origin->client_name, sizeof(origin->client_name)))
		return ERR_OK;
	*origin = (struct request_origin){ .leads_to = "" };
	return why_set(why, ERR_DATABASE, "database: a request with bad values");
}

enum err
request_origin_find(struct db *db, struct str id, struct str browser,
		    struct request_origin *origin, bool *found, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	*origin = (struct request_origin){ .leads_to = "" };
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_bytes(&a, browser);
	e = db_query(db,
		     "select leads_to, login_hint, client_name"
		     " from doorward.oauth_request_origin($1::uuid, $2::bytea)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (db_count(rows) > 0) {
		e = read_row(rows, origin, why);
		*found = e == ERR_OK;
	}
	db_rows_free(rows);
	return e;
}
