#include "store/profiles.h"

#include "db/named.h"

#define SET(FIRST, NEXT)                                                                 \
	FIRST(1, p_user, uuid, db_arg_uuid(a, who->user))                                \
	NEXT(2, p_sid, uuid, db_arg_uuid(a, who->sid))                                   \
	NEXT(3, p_display_name, text, db_arg_text_or_null(a, display_name))              \
	NEXT(4, p_language, text, db_arg_text_or_null(a, language))                      \
	NEXT(5, p_address, inet, db_arg_address(a, who->address))

enum err
profiles_set(struct db *db, const struct profiles_who *who, struct str display_name,
	     struct str language, bool *done, struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*done = false;
	db_args_init(a);
	NAMED_ADD(SET);
	e = db_query_row(db, "select doorward.profile_set(" NAMED_SQL(SET) ")", a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*done = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

static enum profiles_asked
asked_of(struct str outcome)
{
	if (str_is(outcome, "sent"))
		return PROFILES_SENT;
	if (str_is(outcome, "same"))
		return PROFILES_SAME;
	return str_is(outcome, "wait") ? PROFILES_WAIT : PROFILES_GONE;
}

enum err
profiles_address(struct db *db, const struct profiles_who *who, struct str mail,
		 enum profiles_asked *asked, int64_t *wait, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*asked = PROFILES_GONE;
	*wait = 0;
	db_args_init(&a);
	db_arg_uuid(&a, who->user);
	db_arg_uuid(&a, who->sid);
	db_arg_text(&a, mail);
	db_arg_address(&a, who->address);
	e = db_query_row(db,
			 "select outcome, wait from doorward.profile_address("
			 "$1::uuid, $2::uuid, $3, $4::inet)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*asked = asked_of(db_str(rows, 0, 0));
	*wait = db_int(rows, 0, 1);
	db_rows_free(rows);
	return e;
}

enum err
profiles_data(struct db *db, const struct profiles_who *who, struct buf *json, bool *done,
	      struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*done = false;
	db_args_init(&a);
	db_arg_uuid(&a, who->user);
	db_arg_uuid(&a, who->sid);
	e = db_query_row(db, "select doorward.profile_data($1::uuid, $2::uuid)", &a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	*done = !db_is_null(rows, 0, 0);
	if (*done && !buf_add(json, db_str(rows, 0, 0)))
		e = why_set(why, ERR_MEMORY, "more data about the user than can be sent");
	db_rows_free(rows);
	return e;
}

enum err
profiles_delete(struct db *db, const struct profiles_who *who, bool tell,
		enum profiles_deleted *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	struct str word;
	enum err e;

	*outcome = PROFILES_DELETED_GONE;
	db_args_init(&a);
	db_arg_uuid(&a, who->user);
	db_arg_uuid(&a, who->sid);
	db_arg_bool(&a, tell);
	e = db_query_row(
		db, "select doorward.profile_delete($1::uuid, $2::uuid, $3::boolean)", &a,
		&rows, why);
	if (e != ERR_OK)
		return e;
	word = db_str(rows, 0, 0);
	if (str_is(word, "ok"))
		*outcome = PROFILES_DELETED_OK;
	else if (str_is(word, "last"))
		*outcome = PROFILES_DELETED_LAST;
	db_rows_free(rows);
	return e;
}
