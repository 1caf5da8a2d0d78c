#include "store/sessions.h"

#include "db/named.h"
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
	    !db_copy(rows, 0, first + 4, s->sid, sizeof(s->sid)) ||
	    !db_copy(rows, 0, first + 9, s->amr, sizeof(s->amr))) {
		*s = (struct session){ 0 };
		return why_set(why, ERR_DATABASE, "database: a session with bad values");
	}
	s->opened_at = db_int(rows, 0, first + 5);
	s->ends_at = db_int(rows, 0, first + 6);
	s->remember = db_bool(rows, 0, first + 7);
	s->auth_time = db_int(rows, 0, first + 8);
	return ERR_OK;
}

static enum sessions_refreshed
outcome_of(struct str word)
{
	static const struct {
		const char *word;
		enum sessions_refreshed outcome;
	} outcomes[] = { { "ok", REFRESH_OK },
			 { "changed", REFRESH_CHANGED },
			 { "reuse", REFRESH_REUSE },
			 { "lost", REFRESH_LOST },
			 { "ended", REFRESH_ENDED } };

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (str_is(word, outcomes[i].word))
			return outcomes[i].outcome;
	return REFRESH_UNKNOWN;
}

/* Words that were appended before stay separate. */
static void
add_revoked(struct buf *revoked, struct str sids)
{
	if (revoked->n > 0 && sids.n > 0)
		buf_addc(revoked, ' ');
	buf_add(revoked, sids);
}

enum err
sessions_look(struct db *db, const struct sessions_renewal *renewal, struct session *s,
	      enum sessions_refreshed *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*outcome = REFRESH_UNKNOWN;
	*s = (struct session){ 0 };
	db_args_init(&a);
	db_arg_bytes(&a, renewal->old);
	db_arg_bytes(&a, renewal->next);
	db_arg_int(&a, renewal->grace);
	e = db_query_row(db,
			 "select outcome, user_id, name, roles, session_id, sid,"
			 " opened_at, ends_at, remember, auth_time, amr from"
			 " doorward.session_look($1::bytea, $2::bytea, $3::integer)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = outcome_of(db_str(rows, 0, 0));
	if (*outcome == REFRESH_OK && (e = sessions_row(rows, 1, s, why)) != ERR_OK)
		*outcome = REFRESH_UNKNOWN;
	db_rows_free(rows);
	return e;
}

#define REFRESH(FIRST, NEXT)                                                             \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, renewal->old))                           \
	NEXT(2, p_next, bytea, db_arg_bytes(a, renewal->next))                           \
	NEXT(3, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(4, p_grace, integer, db_arg_int(a, renewal->grace))                         \
	NEXT(5, p_address, inet, db_arg_address(a, renewal->address))                    \
	NEXT(6, p_agent, text, db_arg_label(a, renewal->agent, SESSIONS_AGENT_MAX))

enum err
sessions_refresh(struct db *db, const struct sessions_renewal *renewal, struct str sid,
		 enum sessions_refreshed *outcome, struct buf *revoked, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*outcome = REFRESH_UNKNOWN;
	db_args_init(a);
	NAMED_ADD(REFRESH);
	e = db_query_row(db,
			 "select outcome, revoked"
			 " from doorward.session_refresh(" NAMED_SQL(REFRESH) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = outcome_of(db_str(rows, 0, 0));
	add_revoked(revoked, db_str(rows, 0, 1));
	db_rows_free(rows);
	return ERR_OK;
}

/* Rows of revoked, ended and perhaps known. */
static enum err
end_by(struct db *db, const char *sql, struct db_args *a, struct buf *revoked,
       bool *ended, bool *known, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, sql, a, &rows, why);

	*ended = *known = false;
	if (e != ERR_OK)
		return e;
	add_revoked(revoked, db_str(rows, 0, 0));
	*ended = db_bool(rows, 0, 1);
	*known = db_bool(rows, 0, 2);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
sessions_end(struct db *db, struct str sid, bool issued, struct str address,
	     struct buf *revoked, bool *ended, struct why *why)
{
	struct db_args a;
	bool known;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_bool(&a, issued);
	db_arg_address(&a, address);
	return end_by(db,
		      "select revoked, ended, true"
		      " from doorward.session_end($1::uuid, $2::boolean, $3::inet)",
		      &a, revoked, ended, &known, why);
}

enum err
sessions_end_by_refresh(struct db *db, struct str hash, struct str address,
			struct buf *revoked, bool *known, bool *ended, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_bytes(&a, hash);
	db_arg_address(&a, address);
	return end_by(db,
		      "select revoked, ended, known"
		      " from doorward.session_end_by_refresh($1::bytea, $2::inet)",
		      &a, revoked, ended, known, why);
}

enum err
sessions_revoked(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db, "select sid, until from doorward.revocation_list()", NULL,
			rows, why);
}

enum err
sessions_revoked_since(struct db *db, int64_t since, struct db_rows **rows,
		       struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_int(&a, since);
	return db_query(db,
			"select sid, until, listed from doorward.revocations_since($1)",
			&a, rows, why);
}

enum err
sessions_revoke_sid(struct db *db, struct str sid, struct str actor, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, sid);
	db_arg_text(&a, actor);
	return db_query(db, "select doorward.revocation_add($1::uuid, $2)", &a, NULL,
			why);
}
