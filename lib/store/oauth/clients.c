#include "store/oauth/clients.h"

#include "db/named.h"

static enum clients_done
done_of(struct str outcome)
{
	static const struct {
		const char *word;
		enum clients_done done;
	} words[] = {
		{ "ok", CLIENTS_DONE },
		{ "taken", CLIENTS_TAKEN },
		{ "missing", CLIENTS_MISSING },
		{ "public", CLIENTS_PUBLIC },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(outcome, words[i].word))
			return words[i].done;
	return CLIENTS_INVALID;
}

static void
arg_text(struct db_args *a, const char *text)
{
	if (text == NULL)
		db_arg_null(a);
	else
		db_arg_text(a, str_of(text));
}

static void
arg_bool(struct db_args *a, const bool *value)
{
	if (value == NULL)
		db_arg_null(a);
	else
		db_arg_bool(a, *value);
}

static void
arg_list(struct db_args *a, const struct clients_list *list)
{
	if (!list->given)
		db_arg_null(a);
	else
		db_arg_words(a, list->words, list->n);
}

#define ADD(FIRST, NEXT)                                                                 \
	FIRST(1, p_id, text, db_arg_text(a, wish->id))                                   \
	NEXT(2, p_name, text, arg_text(a, wish->name))                                   \
	NEXT(3, p_redirects, text[], arg_list(a, &wish->redirects))                      \
	NEXT(4, p_logouts, text[], arg_list(a, &wish->logouts))                          \
	NEXT(5, p_method, text, arg_text(a, wish->method))                               \
	NEXT(6, p_scopes, text[], arg_list(a, &wish->scopes))                            \
	NEXT(7, p_audience, text, arg_text(a, wish->audience))                           \
	NEXT(8, p_roles, text[], arg_list(a, &wish->roles))                              \
	NEXT(9, p_groups, text[], arg_list(a, &wish->groups))                            \
	NEXT(10, p_consent, text, arg_text(a, wish->consent))                            \
	NEXT(11, p_pkce, boolean, arg_bool(a, wish->pkce))                               \
	NEXT(12, p_alg, text, arg_text(a, wish->alg))                                    \
	NEXT(13, p_id_token_claims, boolean, arg_bool(a, wish->id_token_claims))         \
	NEXT(14, p_secret, bytea, db_arg_bytes(a, secret))                               \
	NEXT(15, p_actor, text, db_arg_text(a, actor))

enum err
clients_add(struct db *db, const struct clients_wish *wish, struct str secret,
	    struct str actor, enum clients_done *done, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*done = CLIENTS_INVALID;
	db_args_init(a);
	NAMED_ADD(ADD);
	e = db_query_row(db, "select doorward.client_add(" NAMED_SQL(ADD) ")", a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*done = done_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return ERR_OK;
}

#define SET(FIRST, NEXT)                                                                 \
	FIRST(1, p_id, text, db_arg_text(a, wish->id))                                   \
	NEXT(2, p_name, text, arg_text(a, wish->name))                                   \
	NEXT(3, p_redirects, text[], arg_list(a, &wish->redirects))                      \
	NEXT(4, p_logouts, text[], arg_list(a, &wish->logouts))                          \
	NEXT(5, p_method, text, arg_text(a, wish->method))                               \
	NEXT(6, p_scopes, text[], arg_list(a, &wish->scopes))                            \
	NEXT(7, p_audience, text, arg_text(a, wish->audience))                           \
	NEXT(8, p_roles, text[], arg_list(a, &wish->roles))                              \
	NEXT(9, p_groups, text[], arg_list(a, &wish->groups))                            \
	NEXT(10, p_consent, text, arg_text(a, wish->consent))                            \
	NEXT(11, p_pkce, boolean, arg_bool(a, wish->pkce))                               \
	NEXT(12, p_alg, text, arg_text(a, wish->alg))                                    \
	NEXT(13, p_id_token_claims, boolean, arg_bool(a, wish->id_token_claims))         \
	NEXT(14, p_actor, text, db_arg_text(a, actor))

enum err
clients_set(struct db *db, const struct clients_wish *wish, struct str actor,
	    enum clients_done *done, int64_t *ended, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*done = CLIENTS_INVALID;
	*ended = 0;
	db_args_init(a);
	NAMED_ADD(SET);
	e = db_query_row(
		db, "select outcome, ended from doorward.client_set(" NAMED_SQL(SET) ")",
		a, &rows, why);
	if (e != ERR_OK)
		return e;
	*done = done_of(db_str(rows, 0, 0));
	*ended = db_int(rows, 0, 1);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
clients_secret(struct db *db, struct str id, struct str secret, int64_t keep,
	       struct str actor, enum clients_done *done, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*done = CLIENTS_INVALID;
	db_args_init(&a);
	db_arg_text(&a, id);
	db_arg_bytes(&a, secret);
	db_arg_int(&a, keep);
	db_arg_text(&a, actor);
	e = db_query_row(
		db, "select doorward.client_secret($1::text, $2::bytea, $3::integer, $4)",
		&a, &rows, why);
	if (e != ERR_OK)
		return e;
	*done = done_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return ERR_OK;
}

enum err
clients_remove(struct db *db, struct str id, struct str actor, enum clients_done *done,
	       int64_t *ended, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*done = CLIENTS_MISSING;
	*ended = 0;
	db_args_init(&a);
	db_arg_text(&a, id);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select ended from doorward.client_remove($1::text, $2)", &a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	if (!db_is_null(rows, 0, 0))
		*done = CLIENTS_DONE;
	*ended = db_int(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
clients_list(struct db *db, struct str id, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, id);
	return db_query(db,
			"select id, name, redirects, logouts, method, scopes, audience,"
			" roles, groups, consent, pkce, alg, id_token_claims, created_at,"
			" changed_at, secrets, secret_ends_at, grants, people"
			" from doorward.client_list($1::text)",
			&a, rows, why);
}
