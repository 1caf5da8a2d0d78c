#include "store/upkeep.h"

#include "db/named.h"

#define AUDIT(FIRST, NEXT)                                                               \
	FIRST(1, p_event, text, db_arg_text(a, str_of(event)))                           \
	NEXT(2, p_actor, text, db_arg_text(a, actor))                                    \
	NEXT(3, p_user, uuid, db_arg_uuid(a, subject))                                   \
	NEXT(4, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(5, p_detail, text, db_arg_text_or_null(a, detail))

enum err
upkeep_audit(struct db *db, const char *event, struct str actor, struct str subject,
	     struct str sid, struct str detail, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(AUDIT);
	return db_query(db, "select doorward.audit_operator(" NAMED_SQL(AUDIT) ")", a,
			NULL, why);
}

static void
arg_time(struct db_args *a, int64_t at)
{
	if (at == 0)
		db_arg_null(a);
	else
		db_arg_int(a, at);
}

static void
arg_events(struct db_args *a, const struct upkeep_asked *asked)
{
	if (asked->n_events == 0)
		db_arg_null(a);
	else
		db_arg_words(a, asked->events, asked->n_events);
}

#define LIST(FIRST, NEXT)                                                                \
	FIRST(1, p_name, text, db_arg_text_or_null(a, asked->name))                      \
	NEXT(2, p_events, text[], arg_events(a, asked))                                  \
	NEXT(3, p_since, bigint, arg_time(a, asked->since))                              \
	NEXT(4, p_until, bigint, arg_time(a, asked->until))                              \
	NEXT(5, p_limit, integer, db_arg_int(a, asked->limit))

enum err
upkeep_audit_list(struct db *db, const struct upkeep_asked *asked, struct db_rows **rows,
		  struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(LIST);
	return db_query(db,
			"select at, event, user_id, name, actor, address, session, detail"
			" from doorward.audit_list(" NAMED_SQL(LIST) ")",
			a, rows, why);
}

enum err
upkeep_figures(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db, "select event, n from doorward.figures_count()", NULL, rows,
			why);
}

enum err
upkeep_sessions(struct db *db, struct str name, int64_t limit, struct db_rows **rows,
		struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, name);
	db_arg_int(&a, limit);
	return db_query(
		db,
		"select id, name, opened_at, used_at, ends_at, address, agent,"
		" remember, amr, factor_at from doorward.session_list($1, $2::integer)",
		&a, rows, why);
}

enum err
upkeep_session_end(struct db *db, struct str id, struct str actor, bool *known,
		   bool *ended, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.session_end_any($1::uuid, $2)", &a, &rows,
			 why);
	*known = e == ERR_OK && !db_is_null(rows, 0, 0);
	*ended = e == ERR_OK && db_bool(rows, 0, 0);
	if (e == ERR_OK)
		db_rows_free(rows);
	return e;
}

enum err
upkeep_status(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query_row(db,
			    "select users, disabled, sessions, throttled, revocations"
			    " from doorward.status()",
			    NULL, rows, why);
}
