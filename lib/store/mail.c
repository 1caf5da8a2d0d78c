#include "store/mail.h"

#include "db/named.h"

#define OUTBOX(FIRST, NEXT)                                                              \
	FIRST(1, p_template, text, db_arg_text(a, mail->template))                       \
	NEXT(2, p_language, text, db_arg_text_or_null(a, mail->language))                \
	NEXT(3, p_recipient, text, db_arg_text(a, mail->recipient))                      \
	NEXT(4, p_link, uuid, db_arg_uuid(a, mail->link))                                \
	NEXT(5, p_user, uuid, db_arg_uuid(a, mail->user))

enum err
mail_add(struct db *db, const struct mail *mail, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(OUTBOX);
	return db_query(db, "select doorward.outbox_add(" NAMED_SQL(OUTBOX) ")", a, NULL,
			why);
}
