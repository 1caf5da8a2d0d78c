/* What `doorward mail send` asks, as the role mail. */
#include "base/text.h"
#include "db/named.h"
#include "store/mail.h"

/* Any two numbers that nobody else takes in this database. */
#define LOCK "(20047, 7)"

enum err
mail_lock(struct db *db, bool *mine, struct why *why)
{
	struct db_rows *rows;
	enum err e =
		db_query_row(db, "select pg_try_advisory_lock" LOCK, NULL, &rows, why);

	*mine = e == ERR_OK && db_bool(rows, 0, 0);
	if (e == ERR_OK)
		db_rows_free(rows);
	return e;
}

enum err
mail_unlock(struct db *db, struct why *why)
{
	return db_query(db, "select pg_advisory_unlock" LOCK, NULL, NULL, why);
}

static bool
copy_mail(const struct db_rows *rows, struct mail_taken *m)
{
	m->id = db_int(rows, 0, 0);
	m->created_at = db_int(rows, 0, 5);
	m->ends_at = db_int(rows, 0, 9);
	return db_copy(rows, 0, 1, m->template, sizeof(m->template)) &&
	       db_copy(rows, 0, 2, m->language, sizeof(m->language)) &&
	       db_copy(rows, 0, 3, m->recipient, sizeof(m->recipient)) &&
	       db_copy(rows, 0, 4, m->data, sizeof(m->data)) &&
	       db_copy(rows, 0, 6, m->name, sizeof(m->name)) &&
	       db_copy(rows, 0, 7, m->kind, sizeof(m->kind)) &&
	       db_copy(rows, 0, 8, m->link, sizeof(m->link));
}

enum err
mail_take(struct db *db, struct mail_taken *mail, bool *found, struct why *why)
{
	struct db_rows *rows;
	enum err e =
		db_query(db,
			 "select id, template, language, recipient, data, created_at,"
			 " name, kind, link, ends_at from doorward.mail_take()",
			 NULL, &rows, why);

	*found = false;
	*mail = (struct mail_taken){ 0 };
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1 && !(*found = copy_mail(rows, mail)))
		e = why_set(why, ERR_DATABASE, "database: mail_take: unexpected value");
	db_rows_free(rows);
	return e;
}

enum err
mail_settle(struct db *db, int64_t id, enum mail_outcome outcome, struct str failure,
	    struct why *why)
{
	static const char *const words[] = { "later", "never", "sent" };
	struct db_args a;

	db_args_init(&a);
	db_arg_int(&a, id);
	db_arg_text(&a, str_of(words[outcome]));
	db_arg_text_or_null(&a, failure);
	return db_query(db, "select doorward.mail_settle($1::bigint, $2, $3)", &a, NULL,
			why);
}

static bool
copy_sealed(struct str hex, struct mail_request *r)
{
	if (hex.n % 2 != 0 || hex.n > 2 * sizeof(r->sealed))
		return false;
	for (size_t i = 0; i < hex.n; i += 2) {
		int high = text_hex_value(hex.p[i]), low = text_hex_value(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		r->sealed[r->n_sealed++] = (unsigned char)(high << 4 | low);
	}
	return true;
}

enum err
mail_request_take(struct db *db, struct mail_request *request, bool *found,
		  struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query(
		db, "select id, request, language, sealed from doorward.request_take()",
		NULL, &rows, why);

	*found = false;
	*request = (struct mail_request){ 0 };
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1) {
		request->id = db_int(rows, 0, 0);
		*found =
			db_copy(rows, 0, 1, request->request, sizeof(request->request)) &&
			db_copy(rows, 0, 2, request->language,
				sizeof(request->language)) &&
			copy_sealed(db_str(rows, 0, 3), request);
		if (!*found)
			e = why_set(why, ERR_DATABASE,
				    "database: request_take: unexpected value");
	}
	db_rows_free(rows);
	return e;
}

#define DECIDE(FIRST, NEXT)                                                              \
	FIRST(1, p_id, bigint, db_arg_int(a, id))                                        \
	NEXT(2, p_typed, text, db_arg_text_or_null(a, typed))                            \
	NEXT(3, p_open, boolean, db_arg_bool(a, rules->open))                            \
	NEXT(4, p_domains, text[], db_arg_words(a, rules->domains, rules->n_domains))    \
	NEXT(5, p_roles, text[], db_arg_words(a, rules->roles, rules->n_roles))

enum err
mail_request_decide(struct db *db, int64_t id, struct str typed,
		    const struct mail_rules *rules, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(DECIDE);
	return db_query(db, "select doorward.request_decide(" NAMED_SQL(DECIDE) ")", a,
			NULL, why);
}
