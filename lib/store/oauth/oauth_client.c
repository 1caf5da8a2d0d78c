#include "store/oauth/oauth_client.h"

#include <string.h>

#include "store/ways.h"

static enum err
read_client(const struct db_rows *rows, struct client *c, struct why *why)
{
	c->id = db_str(rows, 0, 0);
	c->name = db_str(rows, 0, 1);
	c->redirects = db_str(rows, 0, 2);
	c->logouts = db_str(rows, 0, 3);
	c->scopes = client_scope_read(db_str(rows, 0, 5));
	c->audience = db_str(rows, 0, 6);
	c->roles = db_str(rows, 0, 7);
	c->groups = db_str(rows, 0, 8);
	c->pkce = db_bool(rows, 0, 10);
	c->id_token_claims = db_bool(rows, 0, 12);
	if (client_method_read(db_str(rows, 0, 4), &c->method) &&
	    client_consent_read(db_str(rows, 0, 9), &c->consent) &&
	    client_alg_read(db_str(rows, 0, 11), &c->alg))
		return ERR_OK;
	return why_set(why, ERR_DATABASE, "database: a client with an unknown value");
}

static void
read_person(const struct db_rows *rows, struct oauth_look *look)
{
	look->here = !db_is_null(rows, 0, 13);
	if (!look->here)
		return;
	look->id_sid = db_str(rows, 0, 14);
	look->user_name = db_str(rows, 0, 15);
	look->display_name = db_str(rows, 0, 16);
	look->ways = factors_ways(db_str(rows, 0, 17));
	look->has_password = db_bool(rows, 0, 18);
	look->auth_time = db_int(rows, 0, 19);
	look->auth_age = db_int(rows, 0, 20);
	look->amr = db_str(rows, 0, 21);
	look->may = db_bool(rows, 0, 22);
	look->has_allowed = client_scope_read(db_str(rows, 0, 23));
}

enum err
oauth_client_look(struct db *db, struct str client, struct str user, struct str sid,
		  struct oauth_look *look, bool *found, struct why *why)
{
	struct db_args a;
	enum err e;

	*found = false;
	memset(look, 0, sizeof(*look));
	db_args_init(&a);
	db_arg_text(&a, client);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, sid);
	e = db_query(
		db,
		"select id, name, redirects, logouts, method, scopes, audience, roles,"
		" groups, consent, pkce, alg, id_token_claims, session_id, id_sid,"
		" user_name, display_name, factors, has_password, auth_time, auth_age,"
		" amr, may, consent_scopes"
		" from doorward.oauth_client_look($1, $2::uuid, $3::uuid)",
		&a, &look->rows, why);
	if (e != ERR_OK || db_count(look->rows) == 0)
		return e;
	if ((e = read_client(look->rows, &look->client, why)) == ERR_OK) {
		read_person(look->rows, look);
		*found = true;
	}
	return e;
}

void
oauth_look_done(struct oauth_look *look)
{
	db_rows_free(look->rows);
	memset(look, 0, sizeof(*look));
}
