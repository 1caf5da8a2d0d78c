#include "store/logins.h"

#include "db/named.h"
#include "store/sessions_row.h"
#include "store/ways.h"

#define BEGIN(FIRST, NEXT)                                                               \
	FIRST(1, p_name, text, db_arg_text(a, who->name))                                \
	NEXT(2, p_address, inet, db_arg_address(a, who->address))                        \
	NEXT(3, p_device, bytea, db_arg_bytes(a, device->hash))                          \
	NEXT(4, p_device_user, uuid, db_arg_uuid(a, device->user))                       \
	NEXT(5, p_device_version, integer, db_arg_int(a, device->version))               \
	NEXT(6, p_by, text, db_arg_text(a, who->by))                                     \
	NEXT(7, p_need, text[], db_arg_words(a, who->need, who->n_need))

enum err
logins_begin(struct db *db, const struct logins_who *who,
	     const struct logins_device *device, struct logins_row *row, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*row = (struct logins_row){ .disabled = true };
	db_args_init(a);
	NAMED_ADD(BEGIN);
	e = db_query_row(db,
			 "select wait, user_id, disabled, password_hash,"
			 " password_version, device_known, device_version, factors,"
			 " trusted, setup"
			 " from doorward.login_begin(" NAMED_SQL(BEGIN) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	row->wait = db_int(rows, 0, 0);
	row->found = !db_is_null(rows, 0, 1);
	row->disabled = !row->found || db_bool(rows, 0, 2);
	row->version = db_int(rows, 0, 4);
	row->device_known = db_bool(rows, 0, 5);
	row->device_version = db_int(rows, 0, 6);
	row->ways = factors_ways(db_str(rows, 0, 7));
	row->trusted = db_bool(rows, 0, 8);
	row->setup = db_bool(rows, 0, 9);
	if (db_is_null(rows, 0, 0) || !db_copy(rows, 0, 1, row->id, sizeof(row->id)) ||
	    !db_copy(rows, 0, 3, row->hash, sizeof(row->hash)))
		e = why_set(why, ERR_DATABASE,
			    "database: login_begin: unexpected values");
	db_rows_free(rows);
	return e;
}

enum err
logins_failed(struct db *db, const struct logins_row *row, struct str address,
	      const char *reason, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, str_of(row->id));
	db_arg_address(&a, address);
	db_arg_text(&a, str_of(reason));
	return db_query(db, "select doorward.login_failed($1::uuid, $2::inet, $3)", &a,
			NULL, why);
}

enum err
logins_unjudged(struct db *db, const struct logins_row *row, const struct logins_who *who,
		const struct logins_device *device, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, str_of(row->id));
	db_arg_text(&a, who->name);
	db_arg_address(&a, who->address);
	db_arg_bytes(&a, row->device_known ? device->hash : STR(""));
	return db_query(
		db, "select doorward.login_unjudged($1::uuid, $2, $3::inet, $4::bytea)",
		&a, NULL, why);
}

#define OPEN(FIRST, NEXT)                                                                \
	FIRST(1, p_user, uuid, db_arg_uuid(a, str_of(row->id)))                          \
	NEXT(2, p_version, integer, db_arg_int(a, row->version))                         \
	NEXT(3, p_name, text, db_arg_text(a, s->who.name))                               \
	NEXT(4, p_address, inet, db_arg_address(a, s->who.address))                      \
	NEXT(5, p_device, bytea, db_arg_bytes(a, s->device))                             \
	NEXT(6, p_old_hash, text, db_arg_text(a, str_of(row->hash)))                     \
	NEXT(7, p_new_hash, text, db_arg_text_or_null(a, s->new_hash))                   \
	NEXT(8, p_refresh, bytea, db_arg_bytes(a, s->refresh))                           \
	NEXT(9, p_replaces, bytea, db_arg_bytes(a, s->replaces))                         \
	NEXT(10, p_remember, boolean, db_arg_bool(a, s->remember))                       \
	NEXT(11, p_idle_seconds, integer, db_arg_int(a, s->idle_seconds))                \
	NEXT(12, p_life_seconds, integer, db_arg_int(a, s->life_seconds))                \
	NEXT(13, p_browser, boolean, db_arg_bool(a, s->browser))                         \
	NEXT(14, p_sessions_max, integer, db_arg_int(a, s->sessions_max))                \
	NEXT(15, p_agent, text, db_arg_label(a, s->agent, SESSIONS_AGENT_MAX))           \
	NEXT(16, p_amr, text[], db_arg_words(a, s->amr, s->n_amr))                       \
	NEXT(17, p_by, text, db_arg_text(a, s->who.by))                                  \
	NEXT(18, p_news, jsonb, db_arg_text_or_null(a, s->news))

/* What login_open returned: one row, or none. */
static enum err
read_opened(const struct db_rows *rows, struct logins_result *r, struct why *why)
{
	enum err e;

	if (db_count(rows) != 1)
		return ERR_OK;
	if ((r->wait = db_int(rows, 0, 0)) > 0) {
		r->outcome = LOGINS_WAIT;
		return ERR_OK;
	}
	if ((e = sessions_row(rows, 1, &r->session, why)) != ERR_OK)
		return e;
	if (!db_copy(rows, 0, 12, r->language, sizeof(r->language)))
		return why_set(why, ERR_DATABASE,
			       "database: login_open: a long language");
	r->displaced = db_bool(rows, 0, 11);
	r->outcome = LOGINS_OPENED;
	return ERR_OK;
}

enum err
logins_open(struct db *db, const struct logins_row *row, const struct logins_session *s,
	    struct logins_result *result, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*result = (struct logins_result){ .outcome = LOGINS_OVERTAKEN };
	db_args_init(a);
	NAMED_ADD(OPEN);
	e = db_query(db,
		     "select wait, user_id, name, roles, session_id, sid, opened_at,"
		     " ends_at, remember, auth_time, amr, displaced, language"
		     " from doorward.login_open(" NAMED_SQL(OPEN) ")",
		     a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = read_opened(rows, result, why);
	db_rows_free(rows);
	return e;
}
