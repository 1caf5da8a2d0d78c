#include "store/users.h"

static enum err
given_up(struct str name, struct why *why)
{
	return why_set(why, ERR_EXISTS,
		       "somebody had the name %.*s and gave it up less than 90 days ago",
		       STR_ARG(name));
}

enum err
users_add(struct db *db, struct str name, const struct str *roles, size_t n,
	  struct str hash, struct str actor, char id[UUID_SIZE], struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	id[0] = '\0';
	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_words(&a, roles, n);
	db_arg_text_or_null(&a, hash);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.user_add($1, $2::text[], $3, $4)", &a,
			 &rows, why);
	if (e == ERR_EXISTS)
		return why_set(why, e, "there is a user %.*s already", STR_ARG(name));
	if (e != ERR_OK)
		return e;
	if (db_is_null(rows, 0, 0))
		e = given_up(name, why);
	else if (!db_copy(rows, 0, 0, id, UUID_SIZE))
		e = why_set(why, ERR_DATABASE, "database: user_add: unexpected value");
	db_rows_free(rows);
	return e;
}

/* Functions that return NULL for a name that is not there, else a number. */
static enum err
change(struct db *db, const char *sql, struct db_args *a, bool *found, int64_t *ended,
       struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, sql, a, &rows, why);

	*found = false;
	*ended = 0;
	if (e != ERR_OK)
		return e;
	*found = !db_is_null(rows, 0, 0);
	*ended = db_int(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
users_password(struct db *db, struct str name, struct str hash, struct str actor,
	       bool *found, int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text_or_null(&a, hash);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_password($1, $2, $3)", &a, found, ended,
		      why);
}

enum err
users_disable(struct db *db, struct str name, bool disabled, struct str actor,
	      bool *found, int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_bool(&a, disabled);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_disable($1, $2::boolean, $3)", &a, found,
		      ended, why);
}

enum err
users_roles(struct db *db, struct str name, const struct str *add, size_t n_add,
	    const struct str *remove, size_t n_remove, struct str actor, bool *found,
	    int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_words(&a, add, n_add);
	db_arg_words(&a, remove, n_remove);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_roles($1, $2::text[], $3::text[], $4)",
		      &a, found, ended, why);
}

static enum err
renamed(struct str outcome, struct str name, struct str new_name, struct why *why)
{
	if (str_is(outcome, "ok"))
		return ERR_OK;
	if (str_is(outcome, "missing"))
		return why_set(why, ERR_NOT_FOUND, "there is no user %.*s",
			       STR_ARG(name));
	if (str_is(outcome, "given up"))
		return given_up(new_name, why);
	return why_set(why, ERR_EXISTS, "there is a user %.*s already",
		       STR_ARG(new_name));
}

enum err
users_rename(struct db *db, struct str name, struct str new_name, struct str actor,
	     int64_t *renewed, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*renewed = 0;
	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text(&a, new_name);
	db_arg_text(&a, actor);
	e = db_query_row(db,
			 "select outcome, sessions from doorward.user_rename($1, $2, $3)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = renamed(db_str(rows, 0, 0), name, new_name, why);
	*renewed = db_int(rows, 0, 1);
	db_rows_free(rows);
	return e;
}

enum err
users_delete(struct db *db, struct str name, struct str actor, bool *found,
	     int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_delete($1, $2)", &a, found, ended, why);
}

enum err
users_unlock(struct db *db, struct str name, struct str actor, bool *found,
	     struct why *why)
{
	struct db_args a;
	int64_t ignored;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text(&a, actor);
	return change(db, "select nullif(doorward.user_unlock($1, $2), false)::integer",
		      &a, found, &ignored, why);
}

enum err
users_sessions_end(struct db *db, struct str name, struct str actor, bool *found,
		   int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_sessions_end($1, $2)", &a, found, ended,
		      why);
}

enum err
users_list(struct db *db, struct str name, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, name);
	return db_query(db,
			"select id, name, roles, disabled, has_password, created_at,"
			" last_login_at from doorward.user_list($1)",
			&a, rows, why);
}
