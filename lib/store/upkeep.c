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

enum err
upkeep_audit_list(struct db *db, struct str name, int64_t since, int64_t limit,
		  struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, name);
	db_arg_int(&a, since);
	db_arg_int(&a, limit);
	return db_query(
		db,
		"select at, event, user_id, name, actor, address, session, detail"
		" from doorward.audit_list($1, to_timestamp($2::bigint), $3::integer)",
		&a, rows, why);
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
upkeep_tidy(struct db *db, int64_t audit_days, int64_t session_days, struct str actor,
	    struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_int(&a, audit_days);
	db_arg_int(&a, session_days);
	db_arg_text(&a, actor);
	return db_query(
		db, "select what, rows from doorward.tidy($1::integer, $2::integer, $3)",
		&a, rows, why);
}

enum err
upkeep_status(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query_row(db,
			    "select users, disabled, sessions, throttled, revocations"
			    " from doorward.status()",
			    NULL, rows, why);
}
