#include "store/users.h"

#include "db/named.h"

static enum err
given_up(struct str name, struct why *why)
{
	return why_set(why, ERR_EXISTS,
		       "somebody had the name %.*s and gave it up less than 90 days ago",
		       STR_ARG(name));
}

/* The outcome of a step in SQL that gives `name` to a user, or `mail`. */
static enum err
outcome_of(struct str outcome, struct str name, struct str mail, struct why *why)
{
	if (str_is(outcome, "ok"))
		return ERR_OK;
	if (str_is(outcome, "given up"))
		return given_up(name, why);
	if (str_is(outcome, "not own"))
		return why_set(why, ERR_EXISTS,
			       "%.*s is an address: only the account whose own verified "
			       "address it is may have it as its name",
			       STR_ARG(name));
	if (str_is(outcome, "address taken"))
		return why_set(why, ERR_EXISTS,
			       "%.*s is the verified address of another user",
			       STR_ARG(mail));
	if (str_is(outcome, "named"))
		return why_set(
			why, ERR_EXISTS,
			"%.*s is named after its verified address: rename it first",
			STR_ARG(name));
	return why_set(why, ERR_EXISTS, "there is a user %.*s already", STR_ARG(name));
}

#define ENTER(FIRST, NEXT)                                                               \
	FIRST(1, p_name, text, db_arg_text(a, user->name))                               \
	NEXT(2, p_roles, text[], db_arg_words(a, user->roles, user->n_roles))            \
	NEXT(3, p_hash, text, db_arg_text_or_null(a, user->hash))                        \
	NEXT(4, p_mail, text, db_arg_text_or_null(a, user->mail))                        \
	NEXT(5, p_verified, boolean, db_arg_bool(a, user->verified))                     \
	NEXT(6, p_actor, text, db_arg_text(a, actor))

enum err
users_add(struct db *db, const struct users_new *user, struct str actor,
	  char id[UUID_SIZE], struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	id[0] = '\0';
	db_args_init(a);
	NAMED_ADD(ENTER);
	e = db_query_row(
		db,
		"select outcome, user_id from doorward.user_enter(" NAMED_SQL(ENTER) ")",
		a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = outcome_of(db_str(rows, 0, 0), user->name, user->mail, why);
	if (e == ERR_OK && !db_copy(rows, 0, 1, id, UUID_SIZE))
		e = why_set(why, ERR_DATABASE, "database: user_enter: unexpected value");
	db_rows_free(rows);
	return e;
}

/* Functions that return NULL for a name that does not exist, and otherwise a number. */
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
missing(struct str name, struct why *why)
{
	return why_set(why, ERR_NOT_FOUND, "there is no user %.*s", STR_ARG(name));
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
	if (str_is(db_str(rows, 0, 0), "missing"))
		e = missing(name, why);
	else
		e = outcome_of(db_str(rows, 0, 0), new_name, STR(""), why);
	*renewed = db_int(rows, 0, 1);
	db_rows_free(rows);
	return e;
}

/* NULL leaves it unchanged; "" removes it. */
static void
arg_change(struct db_args *a, const char *text)
{
	if (text == NULL)
		db_arg_null(a);
	else
		db_arg_text(a, str_of(text));
}

#define SET(FIRST, NEXT)                                                                 \
	FIRST(1, p_name, text, db_arg_text(a, name))                                     \
	NEXT(2, p_mail, text, arg_change(a, change_to->mail))                            \
	NEXT(3, p_verified, boolean, db_arg_bool(a, change_to->verified))                \
	NEXT(4, p_display_name, text, arg_change(a, change_to->display_name))            \
	NEXT(5, p_language, text, arg_change(a, change_to->language))                    \
	NEXT(6, p_actor, text, db_arg_text(a, actor))

enum err
users_set(struct db *db, struct str name, const struct users_change *change_to,
	  struct str actor, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	db_args_init(a);
	NAMED_ADD(SET);
	e = db_query_row(db, "select doorward.user_set(" NAMED_SQL(SET) ")", a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	if (str_is(db_str(rows, 0, 0), "missing"))
		e = missing(name, why);
	else
		e = outcome_of(db_str(rows, 0, 0), name, str_of(change_to->mail), why);
	db_rows_free(rows);
	return e;
}

enum err
users_delete(struct db *db, struct str name, bool blank, struct str actor, bool *found,
	     int64_t *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_bool(&a, blank);
	db_arg_text(&a, actor);
	return change(db, "select doorward.user_delete($1, $2::boolean, $3)", &a, found,
		      ended, why);
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
			" last_login_at, address, address_verified"
			" from doorward.user_list($1)",
			&a, rows, why);
}

enum err
users_show(struct db *db, struct str name, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	return db_query(db,
			"select id, name, display_name, roles, disabled, address,"
			" address_verified_at, address_wanted, language, created_at,"
			" password_at, last_login_at, sessions, throttled, tokens"
			" from doorward.user_show($1)",
			&a, rows, why);
}
