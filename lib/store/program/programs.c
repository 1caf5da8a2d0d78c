#include "store/program/programs.h"

#include "db/named.h"
#include "store/ways.h"

static enum programs_made
made_of(struct str outcome)
{
	static const struct {
		const char *word;
		enum programs_made made;
	} words[] = {
		{ "ok", PROGRAMS_MADE },     { "stale", PROGRAMS_STALE },
		{ "wait", PROGRAMS_WAIT },   { "changed", PROGRAMS_CHANGED },
		{ "label", PROGRAMS_LABEL }, { "full", PROGRAMS_FULL },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_is(outcome, words[i].word))
			return words[i].made;
	}
	return PROGRAMS_OVER;
}

/* Columns: name, roles, disabled, factors, auth_time, factor_at. */
static enum err
read_owner(struct db *db, const char *sql, struct db_args *a,
	   struct programs_owner *owner, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query(db, sql, a, &rows, why);

	*owner = (struct programs_owner){ .found = false };
	if (e != ERR_OK)
		return e;
	owner->disabled = db_bool(rows, 0, 2);
	owner->ways = factors_ways(db_str(rows, 0, 3));
	owner->auth_time = db_int(rows, 0, 4);
	owner->factor_at = db_int(rows, 0, 5);
	owner->found = db_count(rows) == 1;
	if (owner->found && (!db_copy(rows, 0, 0, owner->name, sizeof(owner->name)) ||
			     !db_copy(rows, 0, 1, owner->roles, sizeof(owner->roles))))
		e = why_set(why, ERR_DATABASE, "database: a user with bad values");
	db_rows_free(rows);
	return e;
}

enum err
programs_look(struct db *db, struct str user, struct str sid,
	      struct programs_owner *owner, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, sid);
	return read_owner(db,
			  "select name, roles, disabled, factors, auth_time, factor_at"
			  " from doorward.program_look($1::uuid, $2::uuid)",
			  &a, owner, why);
}

enum err
programs_owner(struct db *db, struct str user, struct programs_owner *owner,
	       struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return read_owner(db,
			  "select name, roles, disabled, factors, auth_time, factor_at"
			  " from doorward.program_owner($1::uuid)",
			  &a, owner, why);
}

#define MAKE(FIRST, NEXT)                                                                \
	FIRST(1, p_user, uuid, db_arg_uuid(a, t->user))                                  \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(3, p_fresh, integer, db_arg_int(a, fresh))                                  \
	NEXT(4, p_name, text, db_arg_text(a, t->name))                                   \
	NEXT(5, p_id, uuid, db_arg_uuid(a, t->id))                                       \
	NEXT(6, p_label, text, db_arg_text(a, t->label))                                 \
	NEXT(7, p_roles, text[], db_arg_words(a, t->roles, t->n_roles))                  \
	NEXT(8, p_prefix, text, db_arg_text_or_null(a, t->prefix))                       \
	NEXT(9, p_expires, bigint, db_arg_int(a, t->expires))                            \
	NEXT(10, p_tell, boolean, db_arg_bool(a, t->tell))                               \
	NEXT(11, p_address, inet, db_arg_address(a, address))

enum err
programs_make(struct db *db, const struct programs_token *t, struct str sid,
	      int64_t fresh, struct str address, enum programs_made *made, int64_t *wait,
	      struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*made = PROGRAMS_OVER;
	*wait = 0;
	db_args_init(a);
	NAMED_ADD(MAKE);
	e = db_query_row(
		db,
		"select outcome, wait from doorward.program_make(" NAMED_SQL(MAKE) ")", a,
		&rows, why);
	if (e != ERR_OK)
		return e;
	*made = made_of(db_str(rows, 0, 0));
	*wait = db_int(rows, 0, 1);
	db_rows_free(rows);
	return ERR_OK;
}

#define ISSUE(FIRST, NEXT)                                                               \
	FIRST(1, p_user, uuid, db_arg_uuid(a, t->user))                                  \
	NEXT(2, p_name, text, db_arg_text(a, t->name))                                   \
	NEXT(3, p_id, uuid, db_arg_uuid(a, t->id))                                       \
	NEXT(4, p_label, text, db_arg_text(a, t->label))                                 \
	NEXT(5, p_roles, text[], db_arg_words(a, t->roles, t->n_roles))                  \
	NEXT(6, p_prefix, text, db_arg_text_or_null(a, t->prefix))                       \
	NEXT(7, p_expires, bigint, db_arg_int(a, t->expires))                            \
	NEXT(8, p_more, text, db_arg_text_or_null(a, more))                              \
	NEXT(9, p_tell, boolean, db_arg_bool(a, t->tell))                                \
	NEXT(10, p_actor, text, db_arg_text(a, actor))

enum err
programs_issue(struct db *db, const struct programs_token *t, struct str more,
	       struct str actor, enum programs_made *made, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*made = PROGRAMS_OVER;
	db_args_init(a);
	NAMED_ADD(ISSUE);
	e = db_query_row(db, "select doorward.program_issue(" NAMED_SQL(ISSUE) ")", a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	*made = made_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return ERR_OK;
}

enum err
programs_list(struct db *db, struct str user, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return db_query(db,
			"select id, label, roles, prefix, created_at, expires_at"
			" from doorward.program_list($1::uuid)",
			&a, rows, why);
}

enum err
programs_list_any(struct db *db, struct str name, int64_t limit, struct db_rows **rows,
		  struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, name);
	db_arg_int(&a, limit);
	return db_query(db,
			"select id, name, label, roles, prefix, created_at, expires_at"
			" from doorward.program_list_any($1, $2::integer)",
			&a, rows, why);
}

/* A call that answers with one number or boolean, or NULL. */
static enum err
answer(struct db *db, const char *sql, struct db_args *a, bool *known, bool *yes,
       int64_t *n, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, sql, a, &rows, why);

	*known = *yes = false;
	*n = 0;
	if (e != ERR_OK)
		return e;
	*known = !db_is_null(rows, 0, 0);
	*yes = db_bool(rows, 0, 0);
	*n = db_int(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
programs_end(struct db *db, struct str user, struct str id, struct str address,
	     bool *ended, struct why *why)
{
	struct db_args a;
	int64_t n;
	bool known;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_uuid(&a, id);
	db_arg_address(&a, address);
	return answer(db, "select doorward.program_end($1::uuid, $2::uuid, $3::inet)", &a,
		      &known, ended, &n, why);
}

enum err
programs_end_any(struct db *db, struct str id, struct str actor, bool *known, bool *ended,
		 struct why *why)
{
	struct db_args a;
	int64_t n;

	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_text(&a, actor);
	return answer(db, "select doorward.program_end_any($1::uuid, $2)", &a, known,
		      ended, &n, why);
}

enum err
programs_end_user(struct db *db, struct str name, struct str actor, bool *found,
		  int64_t *ended, struct why *why)
{
	struct db_args a;
	bool yes;

	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_text(&a, actor);
	return answer(db, "select doorward.program_end_user($1, $2)", &a, found, &yes,
		      ended, why);
}

enum err
programs_figures(struct db *db, int64_t *living, int64_t *until, struct why *why)
{
	struct db_rows *rows;
	enum err e =
		db_query_row(db, "select living, until from doorward.program_figures()",
			     NULL, &rows, why);

	*living = *until = 0;
	if (e != ERR_OK)
		return e;
	*living = db_int(rows, 0, 0);
	*until = db_int(rows, 0, 1);
	db_rows_free(rows);
	return ERR_OK;
}
