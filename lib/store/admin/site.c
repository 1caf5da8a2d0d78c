#include "store/admin/site.h"

#include "db/named.h"

enum err
site_roles(struct db *db, struct str sid, struct str after, int64_t limit,
	   struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text(&a, after);
	db_arg_int(&a, limit);
	return admin_query(db,
			   "select role, people, disabled, opens, gives from"
			   " doorward.admin_roles_list($1::uuid, $2::text, $3::integer)",
			   &a, rows, refusal, why);
}

enum err
site_roles_free(struct db *db, struct str sid, const struct str *roles, size_t n,
		struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_words(&a, roles, n);
	return admin_query(db,
			   "select role from"
			   " doorward.admin_roles_free($1::uuid, $2::text[])",
			   &a, rows, refusal, why);
}

enum err
site_person(struct db *db, struct str sid, struct str name, struct db_rows **rows,
	    enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text(&a, name);
	return admin_query(db,
			   "select name, roles, disabled"
			   " from doorward.admin_roles_of($1::uuid, $2::text)",
			   &a, rows, refusal, why);
}

static void
arg_unless_0(struct db_args *a, int64_t n)
{
	if (n == 0)
		db_arg_null(a);
	else
		db_arg_int(a, n);
}

#define AUDIT(FIRST, NEXT)                                                               \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, sid))                                       \
	NEXT(2, p_person, text, db_arg_text_or_null(a, asked->person))                   \
	NEXT(3, p_event, text, db_arg_text_or_null(a, asked->event))                     \
	NEXT(4, p_since, bigint, arg_unless_0(a, asked->since))                          \
	NEXT(5, p_until, bigint, arg_unless_0(a, asked->until))                          \
	NEXT(6, p_before_at, bigint, arg_unless_0(a, asked->before_at))                  \
	NEXT(7, p_before_id, bigint, arg_unless_0(a, asked->before_id))                  \
	NEXT(8, p_limit, integer, db_arg_int(a, asked->limit))

enum err
site_audit(struct db *db, struct str sid, const struct site_asked *asked,
	   struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(AUDIT);
	return admin_query(db,
			   "select key_at, key_id, at, event, user_id, name, actor,"
			   " address, session, detail"
			   " from doorward.admin_audit(" NAMED_SQL(AUDIT) ")",
			   a, rows, refusal, why);
}

enum err
site_count_days(struct db *db, struct str sid, bool *more, enum admin_refusal *refusal,
		struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	e = admin_query(db, "select doorward.admin_count_days($1::uuid)", &a, &rows,
			refusal, why);
	*more = rows != NULL && db_count(rows) == 1 && db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
site_days(struct db *db, struct str sid, const struct str *events, size_t n, int64_t days,
	  struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_words(&a, events, n);
	db_arg_int(&a, days);
	return admin_query(db,
			   "select day, event, n from"
			   " doorward.admin_days($1::uuid, $2::text[], $3::integer)",
			   &a, rows, refusal, why);
}

enum err
site_throttled(struct db *db, struct str sid, struct str after, int64_t limit,
	       struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text(&a, after);
	db_arg_int(&a, limit);
	return admin_query(
		db,
		"select key, kind, bucket, user_id, name, address, refused, wait, unlocks"
		" from doorward.admin_throttled($1::uuid, $2::text, $3::integer)",
		&a, rows, refusal, why);
}

enum err
site_unlock(struct db *db, struct str sid, struct str bucket, struct str address,
	    enum site_unlocked *unlocked, enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	enum err e;

	*unlocked = SITE_UNLOCK_GONE;
	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text(&a, bucket);
	db_arg_address(&a, address);
	e = admin_query(db,
			"select doorward.admin_unlock_bucket($1::uuid, $2::text,"
			" $3::inet)",
			&a, &rows, refusal, why);
	if (rows != NULL && db_count(rows) == 1) {
		if (str_is(db_str(rows, 0, 0), "rights"))
			*unlocked = SITE_UNLOCK_RIGHTS;
		else if (str_is(db_str(rows, 0, 0), "ok"))
			*unlocked = SITE_UNLOCKED;
	}
	db_rows_free(rows);
	return e;
}

enum err
site_status(struct db *db, struct str sid, struct site_figures *figures,
	    enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	enum err e;

	*figures = (struct site_figures){ 0 };
	db_args_init(&a);
	db_arg_uuid(&a, sid);
	e = admin_query(db,
			"select people, disabled, roles, mail_waiting, mail_failing,"
			" mail_given_up, mail_late from doorward.admin_status($1::uuid)",
			&a, &rows, refusal, why);
	if (rows != NULL && db_count(rows) == 1)
		*figures = (struct site_figures){
			.people = db_int(rows, 0, 0),
			.disabled = db_int(rows, 0, 1),
			.roles = db_int(rows, 0, 2),
			.mail_waiting = db_int(rows, 0, 3),
			.mail_failing = db_int(rows, 0, 4),
			.mail_given_up = db_int(rows, 0, 5),
			.mail_late = db_int(rows, 0, 6),
		};
	db_rows_free(rows);
	return e;
}
