#include "store/factor/passkeys.h"

#include "db/named.h"
#include "store/factor/factors_parts.h"

static enum err
read_passkey(const struct db_rows *rows, struct passkeys_row *row, struct why *why)
{
	if (db_count(rows) != 1)
		return ERR_OK;
	if (!db_copy(rows, 0, 0, row->id, sizeof(row->id)) ||
	    !db_copy(rows, 0, 1, row->user, sizeof(row->user)) ||
	    !db_copy(rows, 0, 2, row->name, sizeof(row->name)) ||
	    !db_copy(rows, 0, 6, row->jwk, sizeof(row->jwk))) {
		*row = (struct passkeys_row){ .disabled = true };
		return why_set(why, ERR_DATABASE, "database: a passkey with bad values");
	}
	row->disabled = db_bool(rows, 0, 3);
	row->password_version = db_int(rows, 0, 4);
	row->device_version = db_int(rows, 0, 5);
	row->counter = db_int(rows, 0, 7);
	row->backup_eligible = db_bool(rows, 0, 8);
	row->found = true;
	return ERR_OK;
}

enum err
passkeys_find(struct db *db, struct str credential, struct str rp_id, struct str user,
	      struct passkeys_row *row, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*row = (struct passkeys_row){ .disabled = true };
	db_args_init(&a);
	db_arg_bytes(&a, credential);
	db_arg_text(&a, rp_id);
	db_arg_text_or_null(&a, user);
	e = db_query(db,
		     "select id, user_id, name, disabled, password_version,"
		     " device_version, jwk, counter, backup_eligible"
		     " from doorward.passkey_find($1::bytea, $2, $3::uuid)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = read_passkey(rows, row, why);
	db_rows_free(rows);
	return e;
}

enum err
passkeys_list(struct db *db, struct str user, struct str rp_id, struct db_rows **rows,
	      struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, user);
	db_arg_text(&a, rp_id);
	return db_query(
		db,
		"select credential, transports from doorward.passkey_list($1::uuid, $2)",
		&a, rows, why);
}

#define OPEN(FIRST, NEXT)                                                                \
	FIRST(1, p_user, uuid, db_arg_uuid(a, str_of(row->user)))                        \
	NEXT(2, p_version, integer, db_arg_int(a, row->password_version))                \
	NEXT(3, p_proof, doorward.proof, factors_arg(a, proof))                          \
	NEXT(4, p_address, inet, db_arg_address(a, s->who.address))                      \
	NEXT(5, p_device, bytea, db_arg_bytes(a, s->device))                             \
	NEXT(6, p_refresh, bytea, db_arg_bytes(a, s->refresh))                           \
	NEXT(7, p_replaces, bytea, db_arg_bytes(a, s->replaces))                         \
	NEXT(8, p_remember, boolean, db_arg_bool(a, s->remember))                        \
	NEXT(9, p_idle_seconds, integer, db_arg_int(a, s->idle_seconds))                 \
	NEXT(10, p_life_seconds, integer, db_arg_int(a, s->life_seconds))                \
	NEXT(11, p_browser, boolean, db_arg_bool(a, s->browser))                         \
	NEXT(12, p_sessions_max, integer, db_arg_int(a, s->sessions_max))                \
	NEXT(13, p_agent, text, db_arg_label(a, s->agent, SESSIONS_AGENT_MAX))           \
	NEXT(14, p_news, jsonb, db_arg_text_or_null(a, s->news))

enum err
passkeys_open(struct db *db, const struct passkeys_row *row,
	      const struct factors_proof *proof, const struct logins_session *s,
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
			 " from doorward.passkey_open(" NAMED_SQL(OPEN) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	e = flows_opened(rows, result, why);
	db_rows_free(rows);
	return e;
}

#define PASSKEY_ADD(FIRST, NEXT)                                                         \
	FIRST(1, p_flow, bytea, db_arg_bytes(a, by->flow))                               \
	NEXT(2, p_user, uuid, db_arg_uuid(a, by->who.user))                              \
	NEXT(3, p_sid, uuid, db_arg_uuid(a, by->who.sid))                                \
	NEXT(4, p_fresh, integer, db_arg_int(a, by->fresh))                              \
	NEXT(5, p_mail, boolean, db_arg_bool(a, by->mail))                               \
	NEXT(6, p_credential, bytea, db_arg_bytes(a, k->credential))                     \
	NEXT(7, p_rp_id, text, db_arg_text(a, k->rp_id))                                 \
	NEXT(8, p_jwk, jsonb, db_arg_text(a, k->jwk))                                    \
	NEXT(9, p_counter, bigint, db_arg_int(a, k->counter))                            \
	NEXT(10, p_backup_eligible, boolean, db_arg_bool(a, k->backup_eligible))         \
	NEXT(11, p_backed_up, boolean, db_arg_bool(a, k->backed_up))                     \
	NEXT(12, p_verified, boolean, db_arg_bool(a, k->verified))                       \
	NEXT(13, p_transports, text[], db_arg_words(a, k->transports, k->n_transports))  \
	NEXT(14, p_name, text, db_arg_text(a, k->name))                                  \
	NEXT(15, p_nonce, bytea, db_arg_bytes(a, k->nonce))                              \
	NEXT(16, p_codes, bytea[], factors_arg_codes(a, codes))                          \
	NEXT(17, p_address, inet, db_arg_address(a, by->who.address))

enum err
passkeys_add(struct db *db, const struct factors_by *by, const struct passkeys_new *k,
	     const struct str codes[FACTORS_CODES], enum factors_set *set,
	     bool *codes_stored, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*set = FACTORS_SET_OVER;
	*codes_stored = false;
	db_args_init(a);
	NAMED_ADD(PASSKEY_ADD);
	e = db_query_row(db,
			 "select outcome, codes"
			 " from doorward.passkey_add(" NAMED_SQL(PASSKEY_ADD) ")",
			 a, &rows, why);
	if (e != ERR_OK)
		return e;
	*set = factors_set_of(db_str(rows, 0, 0));
	*codes_stored = db_bool(rows, 0, 1);
	db_rows_free(rows);
	return ERR_OK;
}
