#include "store/admin/admin_enter.h"

#include "db/named.h"

static enum admin_entered
entered_of(struct str outcome)
{
	static const char *const words[] = {
		[ADMIN_ENTERED_TAKEN] = "taken",
		[ADMIN_ENTERED_GIVEN_UP] = "given up",
		[ADMIN_ENTERED_NOT_OWN] = "not own",
		[ADMIN_ENTERED_ADDRESS_TAKEN] = "address taken",
		[ADMIN_ENTERED_RIGHTS] = "rights",
		[ADMIN_ENTERED_NAME] = "name",
		[ADMIN_ENTERED_ADDRESS] = "address",
		[ADMIN_ENTERED_DISPLAY_NAME] = "display_name",
		[ADMIN_ENTERED_ROLES] = "roles",
		[ADMIN_ENTERED_OK] = "ok",
		[ADMIN_ENTERED_MAILED] = "mailed",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(outcome, words[i]))
			return (enum admin_entered)i;
	return ADMIN_ENTERED_TAKEN;
}

static enum admin_invitation
invitation_of(struct str outcome)
{
	if (str_is(outcome, "ok"))
		return ADMIN_INVITATION_DONE;
	if (str_is(outcome, "rights"))
		return ADMIN_INVITATION_RIGHTS;
	return str_is(outcome, "no address") ? ADMIN_INVITATION_NOWHERE
					     : ADMIN_INVITATION_MISSING;
}

/* A statement whose one row has the outcome in its first column. */
static enum err
ask(struct db *db, const char *sql, struct db_args *a, struct db_rows **rows,
    struct str *outcome, enum admin_refusal *refusal, struct why *why)
{
	enum err e = admin_query(db, sql, a, rows, refusal, why);

	*outcome = STR("");
	if (e != ERR_OK || *refusal != ADMIN_GRANTED)
		return e;
	if (db_count(*rows) != 1)
		return why_set(why, ERR_DATABASE, "database: one row was expected");
	*outcome = db_str(*rows, 0, 0);
	return ERR_OK;
}

#define ADD(FIRST, NEXT)                                                                 \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, sid))                                       \
	NEXT(2, p_name, text, db_arg_text(a, person->name))                              \
	NEXT(3, p_mail, text, db_arg_text_or_null(a, person->mail))                      \
	NEXT(4, p_display_name, text, db_arg_text_or_null(a, person->display_name))      \
	NEXT(5, p_roles, text[], db_arg_words(a, person->roles, person->n_roles))        \
	NEXT(6, p_by_mail, boolean, db_arg_bool(a, person->by_mail))                     \
	NEXT(7, p_hash, bytea, db_arg_bytes(a, person->hash))                            \
	NEXT(8, p_address, inet, db_arg_address(a, person->address))

enum err
admin_add(struct db *db, struct str sid, const struct admin_new *person,
	  enum admin_entered *outcome, enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args args, *a = &args;
	struct str word;
	enum err e;

	db_args_init(a);
	NAMED_ADD(ADD);
	e = ask(db, "select outcome from doorward.admin_add(" NAMED_SQL(ADD) ")", a,
		&rows, &word, refusal, why);
	*outcome = entered_of(word);
	db_rows_free(rows);
	return e;
}

enum err
admin_invite(struct db *db, struct str sid, const struct admin_new *person,
	     enum admin_entered *outcome, enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	struct str word;
	enum err e;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text_or_null(&a, person->mail);
	db_arg_words(&a, person->roles, person->n_roles);
	db_arg_address(&a, person->address);
	e = ask(db,
		"select doorward.admin_invite($1::uuid, $2::text, $3::text[], $4::inet)",
		&a, &rows, &word, refusal, why);
	*outcome = entered_of(word);
	db_rows_free(rows);
	return e;
}

enum err
admin_invitations(struct db *db, struct str sid, int64_t made, struct str id,
		  int64_t limit, struct db_rows **rows, enum admin_refusal *refusal,
		  struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	if (id.n > 0)
		db_arg_int(&a, made);
	else
		db_arg_null(&a);
	db_arg_uuid(&a, id);
	db_arg_int(&a, limit);
	return admin_query(db,
			   "select id, made, is_open, address, roles, uses_left,"
			   " created_at, ends_at, state, may"
			   " from doorward.admin_invitations("
			   "$1::uuid, $2::bigint, $3::uuid, $4::integer)",
			   &a, rows, refusal, why);
}

static enum err
change(struct db *db, const char *sql, struct str sid, struct str id, struct str address,
       enum admin_invitation *outcome, enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	struct str word;
	enum err e;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_uuid(&a, id);
	db_arg_address(&a, address);
	e = ask(db, sql, &a, &rows, &word, refusal, why);
	*outcome = invitation_of(word);
	db_rows_free(rows);
	return e;
}

enum err
admin_invitation_resend(struct db *db, struct str sid, struct str id, struct str address,
			enum admin_invitation *outcome, enum admin_refusal *refusal,
			struct why *why)
{
	return change(db,
		      "select doorward.admin_invitation_resend("
		      "$1::uuid, $2::uuid, $3::inet)",
		      sid, id, address, outcome, refusal, why);
}

enum err
admin_invitation_withdraw(struct db *db, struct str sid, struct str id,
			  struct str address, enum admin_invitation *outcome,
			  enum admin_refusal *refusal, struct why *why)
{
	return change(db,
		      "select doorward.admin_invitation_withdraw("
		      "$1::uuid, $2::uuid, $3::inet)",
		      sid, id, address, outcome, refusal, why);
}
