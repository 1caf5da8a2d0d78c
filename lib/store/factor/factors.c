#include "store/factor/factors.h"

#include "db/named.h"
#include "store/factor/factors_parts.h"
#include "store/sessions_row.h"

/* ---- an open session proves one more factor ---- */

static enum err
read_session(const struct db_rows *rows, struct factors_session *s, struct why *why)
{
	*s = (struct factors_session){ .found = false };
	if (db_count(rows) != 1)
		return ERR_OK;
	if (!db_copy(rows, 0, 0, s->user, sizeof(s->user)) ||
	    !db_copy(rows, 0, 1, s->name, sizeof(s->name)) ||
	    !db_copy(rows, 0, 6, s->amr, sizeof(s->amr)) ||
	    !factors_sealed_get(rows, 8, 9, &s->set_up)) {
		*s = (struct factors_session){ .found = false };
		return why_set(why, ERR_DATABASE, "database: a session with bad values");
	}
	s->has_password = db_bool(rows, 0, 2);
	s->ways = factors_ways(db_str(rows, 0, 3));
	s->auth_time = db_int(rows, 0, 4);
	s->factor_at = db_int(rows, 0, 5);
	s->has_address = !db_is_null(rows, 0, 7);
	s->found = true;
	return ERR_OK;
}

enum err
factors_step_find(struct db *db, const struct factors_who *who, struct factors_session *s,
		  struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*s = (struct factors_session){ .found = false };
	db_args_init(&a);
	db_arg_uuid(&a, who->user);
	db_arg_uuid(&a, who->sid);
	e = db_query(db,
		     "select user_id, name, has_password, factors, auth_time, factor_at,"
		     " amr, address, key_id, sealed"
		     " from doorward.step_find($1::uuid, $2::uuid)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = read_session(rows, s, why);
	db_rows_free(rows);
	return e;
}

#define STEP_TRY(FIRST, NEXT)                                                            \
	FIRST(1, p_user, uuid, db_arg_uuid(a, who->user))                                \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, who->sid))                                   \
	NEXT(3, p_device, bytea, db_arg_bytes(a, who->device))                           \
	NEXT(4, p_device_version, integer, db_arg_int(a, who->device_version))           \
	NEXT(5, p_way, text, db_arg_text(a, factors_way_word(way)))                      \
	NEXT(6, p_address, inet, db_arg_address(a, who->address))

enum err
factors_step_try(struct db *db, const struct factors_who *who, enum factors_way way,
		 struct factors_try *t, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*t = (struct factors_try){ .found = false };
	db_args_init(a);
	NAMED_ADD(STEP_TRY);
	e = db_query(db,
		     "select wait, user_id, name, key_id, sealed, last_step"
		     " from doorward.step_try(" NAMED_SQL(STEP_TRY) ")",
		     a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = factors_try_get(rows, t, why);
	db_rows_free(rows);
	return e;
}

#define STEP_UP(FIRST, NEXT)                                                             \
	FIRST(1, p_user, uuid, db_arg_uuid(a, who->user))                                \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, who->sid))                                   \
	NEXT(3, p_device, bytea, db_arg_bytes(a, who->device))                           \
	NEXT(4, p_device_version, integer, db_arg_int(a, who->device_version))           \
	NEXT(5, p_proof, doorward.proof, factors_arg(a, proof))                          \
	NEXT(6, p_address, inet, db_arg_address(a, who->address))

enum err
factors_step_up(struct db *db, const struct factors_who *who,
		const struct factors_proof *proof, enum factors_used *used,
		struct session *session, int64_t *recovery_left, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*used = FACTORS_OVER;
	*recovery_left = -1;
	*session = (struct session){ 0 };
	db_args_init(a);
	NAMED_ADD(STEP_UP);
	e = db_query_row(db,
			 "select outcome, user_id, name, roles, session_id, sid,"
			 " opened_at, ends_at, remember, auth_time, amr, recovery_left"
			 " from doorward.step_up(" NAMED_SQL(STEP_UP) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	*used = factors_used_of(db_str(rows, 0, 0));
	if (*used == FACTORS_USED)
		e = sessions_row(rows, 1, session, why);
	if (!db_is_null(rows, 0, 11))
		*recovery_left = db_int(rows, 0, 11);
	db_rows_free(rows);
	return e;
}

enum err
factors_failed(struct db *db, struct str user, enum factors_way way, const char *reason,
	       struct str address, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_text(&a, factors_way_word(way));
	db_arg_text(&a, str_of(reason));
	db_arg_address(&a, address);
	return db_query(db, "select doorward.factor_failed($1::uuid, $2, $3, $4::inet)",
			&a, NULL, why);
}

enum err
factors_unjudged(struct db *db, struct str user, struct str device, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_bytes(&a, device);
	return db_query(db, "select doorward.factor_unjudged($1::uuid, $2::bytea)", &a,
			NULL, why);
}

/* ---- set-up ---- */

/* One row with an outcome, and whether codes were stored. */
static enum err
read_set(enum err e, struct db_rows *rows, enum factors_set *set, bool *codes_stored)
{
	if (e != ERR_OK)
		return e;
	*set = factors_set_of(db_str(rows, 0, 0));
	if (codes_stored != NULL)
		*codes_stored = db_bool(rows, 0, 1);
	db_rows_free(rows);
	return ERR_OK;
}

static struct str
sealed_str(const struct factors_sealed *s)
{
	return (struct str){ (const char *)s->bytes, s->n };
}

#define TOTP_BEGIN(FIRST, NEXT)                                                          \
	FIRST(1, p_flow, bytea, db_arg_bytes(a, by->flow))                               \
	NEXT(2, p_user, uuid, db_arg_uuid(a, by->who.user))                              \
	NEXT(3, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(4, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(5, p_mail, boolean, db_arg_bool(a, by->mail))                               \
	NEXT(6, p_key_id, text, db_arg_text(a, str_of(secret->key_id)))                  \
	NEXT(7, p_sealed, bytea, db_arg_bytes(a, sealed_str(secret)))

enum err
factors_totp_begin(struct db *db, const struct factors_by *by,
		   const struct factors_sealed *secret, enum factors_set *set,
		   struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	db_args_init(a);
	NAMED_ADD(TOTP_BEGIN);
	e = db_query_row(db, "select doorward.totp_begin(" NAMED_SQL(TOTP_BEGIN) ")", a,
			 &rows, why);
	return read_set(e, rows, set, NULL);
}

#define TOTP_CONFIRM(FIRST, NEXT)                                                        \
	FIRST(1, p_flow, bytea, db_arg_bytes(a, by->flow))                               \
	NEXT(2, p_user, uuid, db_arg_uuid(a, by->who.user))                              \
	NEXT(3, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(4, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(5, p_mail, boolean, db_arg_bool(a, by->mail))                               \
	NEXT(6, p_sealed, bytea, db_arg_bytes(a, sealed_str(secret)))                    \
	NEXT(7, p_step, bigint, db_arg_int(a, step))                                     \
	NEXT(8, p_codes, bytea[], factors_arg_codes(a, codes))                           \
	NEXT(9, p_address, inet, db_arg_address(a, by->who.address))

enum err
factors_totp_confirm(struct db *db, const struct factors_by *by,
		     const struct factors_sealed *secret, int64_t step,
		     const struct str codes[FACTORS_CODES], enum factors_set *set,
		     bool *codes_stored, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	*codes_stored = false;
	db_args_init(a);
	NAMED_ADD(TOTP_CONFIRM);
	e = db_query_row(db,
			 "select outcome, codes"
			 " from doorward.totp_confirm(" NAMED_SQL(TOTP_CONFIRM) ")",
			 a, &rows, why);
	return read_set(e, rows, set, codes_stored);
}

#define RENEW(FIRST, NEXT)                                                               \
	FIRST(1, p_user, uuid, db_arg_uuid(a, by->who.user))                             \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(3, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(4, p_mail, boolean, db_arg_bool(a, by->mail))                               \
	NEXT(5, p_codes, bytea[], factors_arg_codes(a, codes))                           \
	NEXT(6, p_address, inet, db_arg_address(a, by->who.address))

enum err
factors_recovery_renew(struct db *db, const struct factors_by *by,
		       const struct str codes[FACTORS_CODES], enum factors_set *set,
		       struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	db_args_init(a);
	NAMED_ADD(RENEW);
	e = db_query_row(db, "select doorward.recovery_renew(" NAMED_SQL(RENEW) ")", a,
			 &rows, why);
	return read_set(e, rows, set, NULL);
}

/* ---- one's own factors ---- */

#define LIST_COLUMNS                                                                     \
	"select kind, id, name, created_at, used_at, synced, rp_id, key_id, remaining"

enum err
factors_list(struct db *db, struct str user, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	return db_query(db, LIST_COLUMNS " from doorward.factor_list($1::uuid)", &a, rows,
			why);
}

#define RENAME(FIRST, NEXT)                                                              \
	FIRST(1, p_user, uuid, db_arg_uuid(a, by->who.user))                             \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(3, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(4, p_id, uuid, db_arg_uuid(a, id))                                          \
	NEXT(5, p_name, text, db_arg_text(a, name))                                      \
	NEXT(6, p_address, inet, db_arg_address(a, by->who.address))

enum err
factors_rename(struct db *db, const struct factors_by *by, struct str id, struct str name,
	       enum factors_set *set, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	db_args_init(a);
	NAMED_ADD(RENAME);
	e = db_query_row(db, "select doorward.passkey_rename(" NAMED_SQL(RENAME) ")", a,
			 &rows, why);
	return read_set(e, rows, set, NULL);
}

#define REMOVE(FIRST, NEXT)                                                              \
	FIRST(1, p_user, uuid, db_arg_uuid(a, by->who.user))                             \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(3, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(4, p_mail, boolean, db_arg_bool(a, by->mail))                               \
	NEXT(5, p_kind, text, db_arg_text(a, factors_way_word(way)))                     \
	NEXT(6, p_id, uuid, db_arg_uuid(a, id))                                          \
	NEXT(7, p_need, text[], db_arg_words(a, need, n_need))                           \
	NEXT(8, p_address, inet, db_arg_address(a, by->who.address))

enum err
factors_remove(struct db *db, const struct factors_by *by, enum factors_way way,
	       struct str id, const struct str *need, size_t n_need,
	       enum factors_set *set, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	db_args_init(a);
	NAMED_ADD(REMOVE);
	e = db_query_row(db, "select doorward.factor_remove(" NAMED_SQL(REMOVE) ")", a,
			 &rows, why);
	return read_set(e, rows, set, NULL);
}

/* ---- the operator ---- */

enum err
factors_list_any(struct db *db, struct str name, struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, name);
	return db_query(db, LIST_COLUMNS " from doorward.factor_list_any($1)", &a, rows,
			why);
}

enum err
factors_reset(struct db *db, struct str name, bool tell, struct str actor, int64_t *ended,
	      struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*ended = -1;
	db_args_init(&a);
	db_arg_text(&a, name);
	db_arg_bool(&a, tell);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.factor_reset($1, $2::boolean, $3)", &a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	if (!db_is_null(rows, 0, 0))
		*ended = db_int(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}

enum err
factors_count(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db, "select kind, of, rows from doorward.factor_count()", NULL,
			rows, why);
}
