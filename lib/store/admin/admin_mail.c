#include "store/admin/admin_mail.h"

static enum admin_mail_state
state_of(struct str word)
{
	static const char *const words[] = {
		[ADMIN_MAIL_NONE] = "none",         [ADMIN_MAIL_WAITING] = "waiting",
		[ADMIN_MAIL_LATE] = "late",         [ADMIN_MAIL_FAILING] = "failing",
		[ADMIN_MAIL_GIVEN_UP] = "given up", [ADMIN_MAIL_SENT] = "sent",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(word, words[i]))
			return (enum admin_mail_state)i;
	return ADMIN_MAIL_NONE;
}

static enum err
read_mail(const struct db_rows *rows, struct admin_mail *mail, struct why *why)
{
	if (db_count(rows) != 1 ||
	    !db_copy(rows, 0, 0, mail->address, sizeof(mail->address)) ||
	    !db_copy(rows, 0, 3, mail->failure, sizeof(mail->failure)))
		return why_set(why, ERR_DATABASE,
			       "database: admin_mail_find: unexpected value");
	mail->verified = db_bool(rows, 0, 1);
	mail->state = state_of(db_str(rows, 0, 2));
	mail->since = db_int(rows, 0, 4);
	return ERR_OK;
}

enum err
admin_mail_find(struct db *db, struct str sid, struct admin_mail *mail,
		enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	enum err e;

	*mail = (struct admin_mail){ .state = ADMIN_MAIL_NONE };
	db_args_init(&a);
	db_arg_uuid(&a, sid);
	e = admin_query(db,
			"select address, verified, state, failure, since"
			" from doorward.admin_mail_find($1::uuid)",
			&a, &rows, refusal, why);
	if (e == ERR_OK && *refusal == ADMIN_GRANTED)
		e = read_mail(rows, mail, why);
	db_rows_free(rows);
	return e;
}

enum err
admin_mail_send(struct db *db, struct str sid, struct str language,
		enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_text_or_null(&a, language);
	e = admin_query(db, "select doorward.admin_mail_send($1::uuid, $2::text)", &a,
			&rows, refusal, why);
	db_rows_free(rows);
	return e;
}
