#include "store/mail.h"

#include "db/named.h"

#define OUTBOX(FIRST, NEXT)                                                              \
	FIRST(1, p_template, text, db_arg_text(a, mail->template))                       \
	NEXT(2, p_language, text, db_arg_text_or_null(a, mail->language))                \
	NEXT(3, p_recipient, text, db_arg_text(a, mail->recipient))                      \
	NEXT(4, p_link, uuid, db_arg_uuid(a, mail->link))                                \
	NEXT(5, p_user, uuid, db_arg_uuid(a, mail->user))                                \
	NEXT(6, p_data, jsonb, db_arg_text_or_null(a, mail->data))

enum err
mail_add(struct db *db, const struct mail *mail, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(OUTBOX);
	return db_query(db, "select doorward.outbox_add(" NAMED_SQL(OUTBOX) ")", a, NULL,
			why);
}

enum err
mail_request_add(struct db *db, const char *request, struct str language,
		 struct str sealed, struct str address, int64_t *wait, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*wait = 0;
	db_args_init(&a);
	db_arg_text(&a, str_of(request));
	db_arg_text_or_null(&a, language);
	db_arg_bytes(&a, sealed);
	db_arg_address(&a, address);
	e = db_query_row(db, "select doorward.request_add($1, $2, $3::bytea, $4::inet)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*wait = db_int(rows, 0, 0);
	db_rows_free(rows);
	return e;
}
