#include "store/factor/flows.h"

#include "db/named.h"
#include "store/factor/factors_parts.h"
#include "store/sessions_row.h"

#define ADD(FIRST, NEXT)                                                                 \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, flow->hash))                             \
	NEXT(2, p_user, uuid, db_arg_uuid(a, str_of(row->id)))                           \
	NEXT(3, p_version, integer, db_arg_int(a, row->version))                         \
	NEXT(4, p_name, text, db_arg_text(a, flow->who.name))                            \
	NEXT(5, p_by, text, db_arg_text(a, flow->who.by))                                \
	NEXT(6, p_address, inet, db_arg_address(a, flow->who.address))                   \
	NEXT(7, p_device, bytea, db_arg_bytes(a, flow->device))                          \
	NEXT(8, p_old_hash, text, db_arg_text(a, str_of(row->hash)))                     \
	NEXT(9, p_new_hash, text, db_arg_text_or_null(a, flow->new_hash))                \
	NEXT(10, p_browser, boolean, db_arg_bool(a, flow->browser))                      \
	NEXT(11, p_remember, boolean, db_arg_bool(a, flow->remember))                    \
	NEXT(12, p_setup, boolean, db_arg_bool(a, flow->setup))

enum err
flows_add(struct db *db, const struct logins_row *row, const struct flows_new *flow,
	  bool *kept, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*kept = false;
	db_args_init(a);
	NAMED_ADD(ADD);
	e = db_query_row(db, "select doorward.flow_add(" NAMED_SQL(ADD) ")", a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*kept = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
flows_by_link(struct db *db, struct str link, struct str hash, struct str address,
	      bool *kept, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*kept = false;
	db_args_init(&a);
	db_arg_uuid(&a, link);
	db_arg_bytes(&a, hash);
	db_arg_address(&a, address);
	e = db_query_row(db,
			 "select doorward.flow_by_link($1::uuid, $2::bytea, $3::inet)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*kept = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
flows_link(struct db *db, struct str hash, struct str language, struct str address,
	   enum flows_link *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	struct str word;
	enum err e;

	*outcome = FLOWS_LINK_OVER;
	db_args_init(&a);
	db_arg_bytes(&a, hash);
	db_arg_text_or_null(&a, language);
	db_arg_address(&a, address);
	e = db_query_row(db, "select doorward.flow_link($1::bytea, $2, $3::inet)", &a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	word = db_str(rows, 0, 0);
	if (str_is(word, "ok"))
		*outcome = FLOWS_LINK_SENT;
	else if (str_is(word, "too many"))
		*outcome = FLOWS_LINK_TOO_MANY;
	else if (str_is(word, "unwanted"))
		*outcome = FLOWS_LINK_UNWANTED;
	db_rows_free(rows);
	return ERR_OK;
}

static enum err
read_flow(const struct db_rows *rows, struct flows_row *row, struct why *why)
{
	if (db_count(rows) != 1)
		return ERR_OK;
	if (!db_copy(rows, 0, 0, row->user, sizeof(row->user)) ||
	    !db_copy(rows, 0, 1, row->name, sizeof(row->name)) ||
	    !factors_sealed_get(rows, 10, 11, &row->set_up)) {
		*row = (struct flows_row){ .found = false };
		return why_set(why, ERR_DATABASE, "database: a flow with bad values");
	}
	row->ways = factors_ways(db_str(rows, 0, 2));
	row->setup = db_bool(rows, 0, 3);
	row->linked = db_bool(rows, 0, 4);
	row->browser = db_bool(rows, 0, 5);
	row->remember = db_bool(rows, 0, 6);
	row->device_version = db_int(rows, 0, 7);
	row->has_address = !db_is_null(rows, 0, 8);
	row->has_password = db_bool(rows, 0, 9);
	row->proven = db_bool(rows, 0, 12);
	row->found = true;
	return ERR_OK;
}

enum err
flows_find(struct db *db, struct str hash, struct flows_row *row, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*row = (struct flows_row){ .found = false };
	db_args_init(&a);
	db_arg_bytes(&a, hash);
	e = db_query(db,
		     "select user_id, name, factors, setup, linked, browser, remember,"
		     " device_version, address, has_password, key_id, sealed, proven"
		     " from doorward.flow_find($1::bytea)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = read_flow(rows, row, why);
	db_rows_free(rows);
	return e;
}

enum err
flows_try(struct db *db, struct str hash, enum factors_way way, struct str address,
	  struct factors_try *t, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*t = (struct factors_try){ .found = false };
	db_args_init(&a);
	db_arg_bytes(&a, hash);
	db_arg_text(&a, factors_way_word(way));
	db_arg_address(&a, address);
	e = db_query(db,
		     "select wait, user_id, name, key_id, sealed, last_step"
		     " from doorward.flow_try($1::bytea, $2, $3::inet)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = factors_try_get(rows, t, why);
	db_rows_free(rows);
	return e;
}

enum err
flows_prove(struct db *db, struct str hash, const struct factors_proof *proof,
	    struct str address, enum factors_used *used, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*used = FACTORS_OVER;
	db_args_init(&a);
	db_arg_bytes(&a, hash);
	factors_arg(&a, proof);
	db_arg_address(&a, address);
	e = db_query_row(
		db, "select doorward.flow_prove($1::bytea, $2::doorward.proof, $3::inet)",
		&a, &rows, why);
	if (e != ERR_OK)
		return e;
	*used = factors_used_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return ERR_OK;
}

enum err
flows_unjudged(struct db *db, struct str hash, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_bytes(&a, hash);
	return db_query(db, "select doorward.flow_unjudged($1::bytea)", &a, NULL, why);
}

enum err
flows_opened(const struct db_rows *rows, struct flows_result *r, struct why *why)
{
	enum err e;

	*r = (struct flows_result){ .recovery_left = -1 };
	r->used = factors_used_of(db_str(rows, 0, 0));
	r->wait = db_int(rows, 0, 1);
	if (r->used != FACTORS_USED)
		return ERR_OK;
	if ((e = sessions_row(rows, 2, &r->opened.session, why)) != ERR_OK)
		return e;
	if (!db_copy(rows, 0, 13, r->opened.language, sizeof(r->opened.language)))
		return why_set(why, ERR_DATABASE, "database: a long language");
	r->opened.displaced = db_bool(rows, 0, 12);
	r->opened.outcome = LOGINS_OPENED;
	if (!db_is_null(rows, 0, 14))
		r->recovery_left = db_int(rows, 0, 14);
	return ERR_OK;
}

#define OPEN(FIRST, NEXT)                                                                \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, hash))                                   \
	NEXT(2, p_proof, doorward.proof, factors_arg(a, proof))                          \
	NEXT(3, p_trust, bytea, db_arg_bytes(a, trust))                                  \
	NEXT(4, p_trust_seconds, integer, db_arg_int(a, trust_seconds))                  \
	NEXT(5, p_address, inet, db_arg_address(a, s->who.address))                      \
	NEXT(6, p_refresh, bytea, db_arg_bytes(a, s->refresh))                           \
	NEXT(7, p_replaces, bytea, db_arg_bytes(a, s->replaces))                         \
	NEXT(8, p_idle_seconds, integer, db_arg_int(a, s->idle_seconds))                 \
	NEXT(9, p_life_seconds, integer, db_arg_int(a, s->life_seconds))                 \
	NEXT(10, p_sessions_max, integer, db_arg_int(a, s->sessions_max))                \
	NEXT(11, p_agent, text, db_arg_label(a, s->agent, SESSIONS_AGENT_MAX))           \
	NEXT(12, p_news, jsonb, db_arg_text_or_null(a, s->news))

enum err
flows_open(struct db *db, struct str hash, const struct factors_proof *proof,
	   struct str trust, int64_t trust_seconds, const struct logins_session *s,
	   struct flows_result *result, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*result = (struct flows_result){ .recovery_left = -1 };
	db_args_init(a);
	NAMED_ADD(OPEN);
	e = db_query_row(db,
			 "select " FLOWS_OPENED
			 " from doorward.flow_open(" NAMED_SQL(OPEN) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = flows_opened(rows, result, why);
	db_rows_free(rows);
	return e;
}
