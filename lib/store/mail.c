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

enum err
mail_wanted(struct db *db, bool *wanted, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db, "select doorward.mail_wanted()", NULL, &rows, why);

	*wanted = e == ERR_OK && db_bool(rows, 0, 0);
	if (e == ERR_OK)
		db_rows_free(rows);
	return e;
}

enum err
mail_list(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(
		db,
		"select id, state, template, recipient, created_at, due_at, tries,"
		" failure from doorward.mail_list()",
		NULL, rows, why);
}

enum err
mail_retry(struct db *db, int64_t id, struct str actor, int64_t *n, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*n = 0;
	db_args_init(&a);
	if (id != 0)
		db_arg_int(&a, id);
	else
		db_arg_null(&a);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.mail_retry($1::bigint, $2)", &a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*n = db_int(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
mail_drop(struct db *db, int64_t id, struct str actor, bool *known, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*known = false;
	db_args_init(&a);
	db_arg_int(&a, id);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.mail_drop($1::bigint, $2)", &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*known = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
mail_status(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query_row(db,
			    "select waiting, failing, given_up, requests, late_seconds"
			    " from doorward.mail_status()",
			    NULL, rows, why);
}
