#include "store/oauth/oauth_requests.h"

#include <string.h>

#include "db/named.h"

#define PUT(FIRST, NEXT)                                                                 \
	FIRST(1, p_id, uuid, db_arg_uuid(a, r->id))                                      \
	NEXT(2, p_browser, bytea, db_arg_bytes(a, r->browser))                           \
	NEXT(3, p_client, text, db_arg_text(a, r->client))                               \
	NEXT(4, p_query, text, db_arg_text(a, r->query))                                 \
	NEXT(5, p_leads_to, text, db_arg_text(a, r->leads_to))                           \
	NEXT(6, p_login_hint, text, db_arg_text_or_null(a, r->login_hint))               \
	NEXT(7, p_address, inet, db_arg_address(a, r->address))

static enum oauth_put
put_of(struct str outcome)
{
	if (str_is(outcome, "ok"))
		return OAUTH_PUT_OK;
	if (str_is(outcome, "big"))
		return OAUTH_PUT_BIG;
	return str_is(outcome, "full") ? OAUTH_PUT_FULL : OAUTH_PUT_GONE;
}

enum err
oauth_request_put(struct db *db, const struct oauth_request_new *r,
		  enum oauth_put *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*outcome = OAUTH_PUT_GONE;
	db_args_init(a);
	NAMED_ADD(PUT);
	e = db_query_row(db, "select doorward.oauth_request_put(" NAMED_SQL(PUT) ")", a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = put_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return e;
}

enum err
oauth_request_look(struct db *db, struct str id, struct str browser, struct str user,
		   struct str sid, struct oauth_request *request, bool *found,
		   struct why *why)
{
	struct db_args a;
	enum err e;

	*found = false;
	memset(request, 0, sizeof(*request));
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_bytes(&a, browser);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, sid);
	e = db_query(db,
		     "select client_id, query, stepped, fresh, answered, leads_to"
		     " from doorward.oauth_request_look($1::uuid, $2::bytea, $3::uuid,"
		     " $4::uuid)",
		     &a, &request->rows, why);
	if (e != ERR_OK || db_count(request->rows) == 0)
		return e;
	request->client = db_str(request->rows, 0, 0);
	request->query = db_str(request->rows, 0, 1);
	request->stepped = db_bool(request->rows, 0, 2);
	request->fresh = db_bool(request->rows, 0, 3);
	request->answered = db_bool(request->rows, 0, 4);
	request->leads_to = db_str(request->rows, 0, 5);
	*found = true;
	return e;
}

void
oauth_request_done(struct oauth_request *request)
{
	db_rows_free(request->rows);
	memset(request, 0, sizeof(*request));
}

static enum err
change(struct db *db, const char *sql, struct str id, struct str browser, bool *found,
       struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_bytes(&a, browser);
	if ((e = db_query_row(db, sql, &a, &rows, why)) != ERR_OK)
		return e;
	*found = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
oauth_request_step(struct db *db, struct str id, struct str browser, bool *found,
		   struct why *why)
{
	return change(db, "select doorward.oauth_request_step($1::uuid, $2::bytea)", id,
		      browser, found, why);
}

enum err
oauth_request_end(struct db *db, struct str id, struct str browser, bool *found,
		  struct why *why)
{
	return change(db, "select doorward.oauth_request_end($1::uuid, $2::bytea)", id,
		      browser, found, why);
}

#define MAKE(FIRST, NEXT)                                                                \
	FIRST(1, p_user, uuid, db_arg_uuid(a, c->user))                                  \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, c->sid))                                     \
	NEXT(3, p_client, text, db_arg_text(a, c->client))                               \
	NEXT(4, p_scopes, text[], db_arg_words(a, scopes, n))                            \
	NEXT(5, p_redirect, text, db_arg_text(a, c->redirect))                           \
	NEXT(6, p_challenge, text, db_arg_text_or_null(a, c->challenge))                 \
	NEXT(7, p_nonce, text, db_arg_text_or_null(a, c->nonce))                         \
	NEXT(8, p_hash, bytea, db_arg_bytes(a, c->hash))                                 \
	NEXT(9, p_life, integer, db_arg_int(a, c->life))                                 \
	NEXT(10, p_consented, boolean, db_arg_bool(a, c->consented))                     \
	NEXT(11, p_request, uuid, db_arg_uuid(a, c->request))                            \
	NEXT(12, p_browser, bytea, db_arg_bytes(a, c->browser))                          \
	NEXT(13, p_address, inet, db_arg_address(a, c->address))

static enum oauth_made
made_of(struct str outcome)
{
	if (str_is(outcome, "ok"))
		return OAUTH_MADE_OK;
	if (str_is(outcome, "consent"))
		return OAUTH_MADE_CONSENT;
	if (str_is(outcome, "forbidden"))
		return OAUTH_MADE_FORBIDDEN;
	return str_is(outcome, "gone") ? OAUTH_MADE_GONE : OAUTH_MADE_OVER;
}

enum err
oauth_code_make(struct db *db, const struct oauth_code_new *c, enum oauth_made *made,
		struct why *why)
{
	struct str scopes[CLIENT_SCOPES];
	struct db_rows *rows;
	struct db_args args, *a = &args;
	size_t n = 0;
	enum err e;

	*made = OAUTH_MADE_OVER;
	for (size_t i = 0; i < CLIENT_SCOPES; i++)
		if ((c->scopes & (1u << i)) != 0)
			scopes[n++] = str_of(client_scope_word(i));
	db_args_init(a);
	NAMED_ADD(MAKE);
	e = db_query_row(db, "select doorward.oauth_code_make(" NAMED_SQL(MAKE) ")", a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	*made = made_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return e;
}
