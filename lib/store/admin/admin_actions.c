/* What an admin does to a person. */
#include "db/named.h"
#include "store/admin/admin_person.h"

static const struct {
	const char *word;
	enum admin_outcome outcome;
} outcomes[] = {
	{ "ok", ADMIN_OK },
	{ "gone", ADMIN_GONE },
	{ "changed", ADMIN_CHANGED },
	{ "rights", ADMIN_RIGHTS },
	{ "last", ADMIN_LAST },
	{ "invalid", ADMIN_INVALID },
	{ "address", ADMIN_ADDRESS },
	{ "named", ADMIN_NAMED },
	{ "address taken", ADMIN_ADDRESS_TAKEN },
	{ "taken", ADMIN_TAKEN },
	{ "given up", ADMIN_GIVEN_UP },
	{ "not own", ADMIN_NOT_OWN },
	{ "factor", ADMIN_FACTOR_ONLY },
	{ "disabled", ADMIN_DISABLED },
	{ "none", ADMIN_NONE },
	{ "sent", ADMIN_SENT },
	{ "shown", ADMIN_SHOWN },
};

#define PLAIN(FIRST, NEXT)                                                               \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_address, inet, db_arg_address(a, o->address))

#define ROLES(FIRST, NEXT)                                                               \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_roles, text[], db_arg_words(a, o->roles, o->n_roles))                  \
	NEXT(5, p_address, inet, db_arg_address(a, o->address))

#define RENAME(FIRST, NEXT)                                                              \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_name, text, db_arg_text(a, o->name))                                   \
	NEXT(5, p_address, inet, db_arg_address(a, o->address))

#define PROFILE(FIRST, NEXT)                                                             \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_display_name, text, db_arg_text(a, o->display_name))                   \
	NEXT(5, p_mail, text, mail_arg(a, o))                                            \
	NEXT(6, p_address, inet, db_arg_address(a, o->address))

#define RESET(FIRST, NEXT)                                                               \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_hash, bytea, db_arg_bytes(a, o->hash))                                 \
	NEXT(5, p_address, inet, db_arg_address(a, o->address))

#define DELETE(FIRST, NEXT)                                                              \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, o->sid))                                    \
	NEXT(2, p_user, uuid, db_arg_uuid(a, o->user))                                   \
	NEXT(3, p_seen, text, db_arg_text(a, o->seen))                                   \
	NEXT(4, p_blank, boolean, db_arg_bool(a, o->blank))                              \
	NEXT(5, p_address, inet, db_arg_address(a, o->address))

static void
mail_arg(struct db_args *a, const struct admin_order *o)
{
	if (o->keep_mail)
		db_arg_null(a);
	else
		db_arg_text(a, o->mail);
}

/* The statement, and its arguments. */
static const char *
statement(const struct admin_order *o, struct db_args *a)
{
	switch (o->action) {
	case ADMIN_DISABLE:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_disable(" NAMED_SQL(PLAIN) ")";
	case ADMIN_ENABLE:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_enable(" NAMED_SQL(PLAIN) ")";
	case ADMIN_END:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from doorward.admin_end(" NAMED_SQL(
			PLAIN) ")";
	case ADMIN_UNLOCK:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_unlock(" NAMED_SQL(PLAIN) ")";
	case ADMIN_FACTOR:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_factor_reset(" NAMED_SQL(PLAIN) ")";
	case ADMIN_PROGRAMS:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_programs_end(" NAMED_SQL(PLAIN) ")";
	case ADMIN_APPS:
		NAMED_ADD(PLAIN);
		return "select outcome, name, ended from "
		       "doorward.admin_apps_end(" NAMED_SQL(PLAIN) ")";
	case ADMIN_ROLES:
		NAMED_ADD(ROLES);
		return "select outcome, name, ended from doorward.admin_roles(" NAMED_SQL(
			ROLES) ")";
	case ADMIN_RENAME:
		NAMED_ADD(RENAME);
		return "select outcome, name, ended from "
		       "doorward.admin_rename(" NAMED_SQL(RENAME) ")";
	case ADMIN_PROFILE:
		NAMED_ADD(PROFILE);
		return "select outcome, name, ended from "
		       "doorward.admin_profile(" NAMED_SQL(PROFILE) ")";
	case ADMIN_RESET:
		NAMED_ADD(RESET);
		return "select outcome, name, ended from doorward.admin_reset(" NAMED_SQL(
			RESET) ")";
	case ADMIN_DELETE:
		NAMED_ADD(DELETE);
		return "select outcome, name, ended from "
		       "doorward.admin_delete(" NAMED_SQL(DELETE) ")";
	}
	return NULL;
}

static enum err
read_done(const struct db_rows *rows, struct admin_done *done, struct why *why)
{
	done->ended = db_int(rows, 0, 2);
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (str_is(db_str(rows, 0, 0), outcomes[i].word) &&
		    db_copy(rows, 0, 1, done->name, sizeof(done->name))) {
			done->outcome = outcomes[i].outcome;
			return ERR_OK;
		}
	return why_set(why, ERR_DATABASE, "database: an action: unexpected value");
}

enum err
admin_do(struct db *db, const struct admin_order *order, struct admin_done *done,
	 enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	const char *sql;
	enum err e;

	*done = (struct admin_done){ .outcome = ADMIN_GONE };
	db_args_init(&a);
	sql = statement(order, &a);
	e = admin_query(db, sql, &a, &rows, refusal, why);
	if (e == ERR_OK && *refusal == ADMIN_GRANTED)
		e = read_done(rows, done, why);
	db_rows_free(rows);
	return e;
}
