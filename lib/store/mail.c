#include "store/mail.h"

enum err
mail_add(struct db *db, const struct mail *mail, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, mail->template);
	db_arg_text_or_null(&a, mail->language);
	db_arg_text(&a, mail->recipient);
	db_arg_uuid(&a, mail->link);
	db_arg_uuid(&a, mail->user);
	return db_query(db, "select doorward.outbox_add($1, $2, $3, $4::uuid, $5::uuid)",
			&a, NULL, why);
}
