#include "store/links.h"

#include "db/named.h"

static void
arg_kind(struct db_args *a, enum ticket_kind kind)
{
	const struct ticket_row *row = ticket_row(kind);

	db_arg_text(a, row != NULL ? str_of(row->name) : STR(""));
}

/* Seconds; 0: for as long as the kind lives. */
static void
arg_life(struct db_args *a, int64_t life)
{
	if (life > 0)
		db_arg_int(a, life);
	else
		db_arg_null(a);
}

#define MAKE(FIRST, NEXT)                                                                \
	FIRST(1, p_kind, text, arg_kind(a, link->kind))                                  \
	NEXT(2, p_user, uuid, db_arg_uuid(a, link->user))                                \
	NEXT(3, p_hash, bytea, db_arg_bytes(a, link->hash))                              \
	NEXT(4, p_data, jsonb, db_arg_text_or_null(a, link->data))                       \
	NEXT(5, p_uses, integer, db_arg_int(a, link->uses))                              \
	NEXT(6, p_life, integer, arg_life(a, link->life))                                \
	NEXT(7, p_template, text, db_arg_text_or_null(a, link->template))                \
	NEXT(8, p_language, text, db_arg_text_or_null(a, link->language))                \
	NEXT(9, p_actor, text, db_arg_text(a, link->actor))

enum err
links_make(struct db *db, const struct links_new *link, char id[UUID_SIZE], bool *made,
	   struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*made = false;
	id[0] = '\0';
	db_args_init(a);
	NAMED_ADD(MAKE);
	e = db_query_row(db, "select doorward.link_make(" NAMED_SQL(MAKE) ")", a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*made = !db_is_null(rows, 0, 0) && db_copy(rows, 0, 0, id, UUID_SIZE);
	db_rows_free(rows);
	return e;
}

enum err
links_peek(struct db *db, const struct links_key *key, struct link *link, bool *found,
	   struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	*link = (struct link){ 0 };
	db_args_init(&a);
	arg_kind(&a, key->kind);
	db_arg_uuid(&a, key->id);
	db_arg_bytes(&a, key->hash);
	e = db_query(db,
		     "select user_id, name, data, ends_at, uses_left"
		     " from doorward.link_peek($1, $2::uuid, $3::bytea)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1) {
		link->ends_at = db_int(rows, 0, 3);
		link->uses_left = db_int(rows, 0, 4);
		*found = db_copy(rows, 0, 0, link->user, sizeof(link->user)) &&
			 db_copy(rows, 0, 1, link->name, sizeof(link->name)) &&
			 db_copy(rows, 0, 2, link->data, sizeof(link->data));
		if (!*found)
			e = why_set(why, ERR_DATABASE,
				    "database: link_peek: unexpected value");
	}
	db_rows_free(rows);
	return e;
}

static enum links_used
outcome_of(struct str word)
{
	if (str_is(word, "ok"))
		return LINKS_OK;
	if (str_is(word, "taken"))
		return LINKS_TAKEN;
	return str_is(word, "incomplete") ? LINKS_INCOMPLETE : LINKS_GONE;
}

#define USE(FIRST, NEXT)                                                                 \
	FIRST(1, p_kind, text, arg_kind(a, key->kind))                                   \
	NEXT(2, p_id, uuid, db_arg_uuid(a, key->id))                                     \
	NEXT(3, p_hash, bytea, db_arg_bytes(a, key->hash))                               \
	NEXT(4, p_name, text, db_arg_text_or_null(a, name))                              \
	NEXT(5, p_password_hash, text, db_arg_text_or_null(a, hash))                     \
	NEXT(6, p_address, inet, db_arg_address(a, address))

enum err
links_use(struct db *db, const struct links_key *key, struct str name, struct str hash,
	  struct str address, enum links_used *outcome, char user[UUID_SIZE],
	  struct why *why)
{
	struct db_rows *rows;
	struct db_args args, *a = &args;
	enum err e;

	*outcome = LINKS_GONE;
	user[0] = '\0';
	db_args_init(a);
	NAMED_ADD(USE);
	e = db_query_row(
		db, "select outcome, user_id from doorward.link_use(" NAMED_SQL(USE) ")",
		a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = outcome_of(db_str(rows, 0, 0));
	if (!db_copy(rows, 0, 1, user, UUID_SIZE)) {
		*outcome = LINKS_GONE;
		e = why_set(why, ERR_DATABASE, "database: link_use: unexpected value");
	}
	db_rows_free(rows);
	return e;
}
