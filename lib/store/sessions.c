#include "store/sessions.h"

#include "store/sessions_row.h"

enum err
sessions_row(const struct db_rows *rows, int first, struct session *s, struct why *why)
{
	*s = (struct session){ 0 };
	if (db_is_null(rows, 0, first) ||
	    !db_copy(rows, 0, first, s->user_id, sizeof(s->user_id)) ||
	    !db_copy(rows, 0, first + 1, s->name, sizeof(s->name)) ||
	    !db_copy(rows, 0, first + 2, s->roles, sizeof(s->roles)) ||
	    !db_copy(rows, 0, first + 3, s->id, sizeof(s->id)) ||
	    !db_copy(rows, 0, first + 4, s->sid, sizeof(s->sid))) {
		*s = (struct session){ 0 };
		return why_set(why, ERR_DATABASE, "database: a session with bad values");
	}
	s->opened_at = db_int(rows, 0, first + 5);
	s->ends_at = db_int(rows, 0, first + 6);
	s->remember = db_bool(rows, 0, first + 7);
	return ERR_OK;
}

static enum sessions_refreshed
outcome_of(struct str word)
{
	if (str_is(word, "ok"))
		return REFRESH_OK;
	if (str_is(word, "reuse"))
		return REFRESH_REUSE;
	return str_is(word, "ended") ? REFRESH_ENDED : REFRESH_UNKNOWN;
}

enum err
sessions_refresh(struct db *db, struct str old, struct str next, int64_t token_seconds,
		 struct str address, struct str agent, struct session *s,
		 enum sessions_refreshed *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*outcome = REFRESH_UNKNOWN;
	*s = (struct session){ 0 };
	db_args_init(&a);
	db_arg_bytes(&a, old);
	db_arg_bytes(&a, next);
	db_arg_int(&a, token_seconds);
	db_arg_address(&a, address);
	db_arg_label(&a, agent, SESSIONS_AGENT_MAX);
	e = db_query_row(
		db,
		"select outcome, user_id, name, roles, session_id, sid, opened_at,"
		" ends_at, remember from doorward.session_refresh($1::bytea,"
		" $2::bytea, $3::integer, $4::inet, $5)",
		&a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = outcome_of(db_str(rows, 0, 0));
	if (*outcome == REFRESH_OK && (e = sessions_row(rows, 1, s, why)) != ERR_OK)
		*outcome = REFRESH_UNKNOWN;
	db_copy(rows, 0, 1, s->user_id, sizeof(s->user_id)); /* for the log */
	db_rows_free(rows);
	return e;
}

static enum err
end_by(struct db *db, const char *sql, struct db_args *a, bool *ended, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, sql, a, &rows, why);

	*ended = e == ERR_OK && db_bool(rows, 0, 0);
	if (e == ERR_OK)
		db_rows_free(rows);
	return e;
}

enum err
sessions_end(struct db *db, struct str sid, struct str address, bool *ended,
	     struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_address(&a, address);
	return end_by(db, "select doorward.session_end($1::uuid, $2::inet)", &a, ended,
		      why);
}

enum err
sessions_end_by_refresh(struct db *db, struct str hash, struct str address, bool *ended,
			struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_bytes(&a, hash);
	db_arg_address(&a, address);
	return end_by(db, "select doorward.session_end_by_refresh($1::bytea, $2::inet)",
		      &a, ended, why);
}

enum err
sessions_revoked(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db, "select sid, until from doorward.revocation_list()", NULL,
			rows, why);
}
