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
links_setup(struct db *db, struct str hash, struct str actor, bool *made, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*made = false;
	db_args_init(&a);
	db_arg_bytes(&a, hash);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.link_setup($1::bytea, $2::text)", &a, &rows,
			 why);
	if (e != ERR_OK)
		return e;
	*made = !db_is_null(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

static enum link_state
state_of(struct str word)
{
	static const char *const words[] = {
		[LINK_UNKNOWN] = "unknown", [LINK_GOOD] = "good", [LINK_USED] = "used",
		[LINK_EXPIRED] = "expired", [LINK_DEAD] = "dead",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(word, words[i]))
			return (enum link_state)i;
	return LINK_UNKNOWN;
}

static bool
copy_link(const struct db_rows *rows, struct link *link)
{
	link->state = state_of(db_str(rows, 0, 0));
	link->self = db_bool(rows, 0, 4);
	link->ends_at = db_int(rows, 0, 5);
	link->uses_left = db_int(rows, 0, 6);
	return db_copy(rows, 0, 1, link->user, sizeof(link->user)) &&
	       db_copy(rows, 0, 2, link->name, sizeof(link->name)) &&
	       db_copy(rows, 0, 3, link->address, sizeof(link->address));
}

enum err
links_peek(struct db *db, const struct links_key *key, struct link *link, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*link = (struct link){ .state = LINK_UNKNOWN };
	db_args_init(&a);
	arg_kind(&a, key->kind);
	db_arg_uuid(&a, key->id);
	db_arg_bytes(&a, key->hash);
	e = db_query_row(db,
			 "select state, user_id, name, address, self, ends_at, uses_left"
			 " from doorward.link_peek($1, $2::uuid, $3::bytea)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (!copy_link(rows, link)) {
		link->state = LINK_UNKNOWN;
		e = why_set(why, ERR_DATABASE, "database: link_peek: unexpected value");
	}
	db_rows_free(rows);
	return e;
}

static enum links_used
outcome_of(struct str word)
{
	static const char *const words[] = {
		[LINKS_GONE] = "gone",       [LINKS_INCOMPLETE] = "incomplete",
		[LINKS_NAME] = "name",       [LINKS_TAKEN] = "taken",
		[LINKS_ADDRESS] = "address", [LINKS_MAIL] = "mail",
		[LINKS_OK] = "ok",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(word, words[i]))
			return (enum links_used)i;
	return LINKS_GONE;
}

#define USE(FIRST, NEXT)                                                                 \
	FIRST(1, p_kind, text, arg_kind(a, key->kind))                                   \
	NEXT(2, p_id, uuid, db_arg_uuid(a, key->id))                                     \
	NEXT(3, p_hash, bytea, db_arg_bytes(a, key->hash))                               \
	NEXT(4, p_name, text, db_arg_text_or_null(a, given->name))                       \
	NEXT(5, p_password_hash, text, db_arg_text_or_null(a, given->hash))              \
	NEXT(6, p_address, inet, db_arg_address(a, given->address))                      \
	NEXT(7, p_mail, text, db_arg_text_or_null(a, given->mail))

enum err
links_use(struct db *db, const struct links_key *key, const struct links_given *given,
	  enum links_used *outcome, char user[UUID_SIZE], struct why *why)
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

/* ---- invitations ---- */

enum err
links_list(struct db *db, struct db_rows **rows, struct why *why)
{
	return db_query(db,
			"select id, address, roles, uses_left, created_at, ends_at, state"
			" from doorward.link_list()",
			NULL, rows, why);
}

static enum links_resent
resent_of(struct str word)
{
	if (str_is(word, "ok"))
		return LINKS_RESENT_OK;
	if (str_is(word, "used"))
		return LINKS_RESENT_USED;
	return str_is(word, "no address") ? LINKS_RESENT_NOWHERE : LINKS_RESENT_MISSING;
}

enum err
links_resend(struct db *db, struct str id, struct str language, struct str actor,
	     enum links_resent *outcome, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*outcome = LINKS_RESENT_MISSING;
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_text_or_null(&a, language);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.link_resend($1::uuid, $2::text, $3::text)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = resent_of(db_str(rows, 0, 0));
	db_rows_free(rows);
	return e;
}

enum err
links_withdraw(struct db *db, struct str id, struct str actor, bool *done,
	       struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*done = false;
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_text(&a, actor);
	e = db_query_row(db, "select doorward.link_withdraw($1::uuid, $2::text)", &a,
			 &rows, why);
	if (e != ERR_OK)
		return e;
	*done = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return e;
}

enum err
links_use_alone(struct db *db, struct str id, struct str name, struct str address,
		enum links_used *outcome, char user[UUID_SIZE], char factor[UUID_SIZE],
		struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*outcome = LINKS_GONE;
	user[0] = factor[0] = '\0';
	db_args_init(&a);
	db_arg_uuid(&a, id);
	db_arg_text(&a, name);
	db_arg_address(&a, address);
	e = db_query_row(db,
			 "select outcome, user_id, factor"
			 " from doorward.link_use_alone($1::uuid, $2, $3::inet)",
			 &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*outcome = outcome_of(db_str(rows, 0, 0));
	if (!db_copy(rows, 0, 1, user, UUID_SIZE) ||
	    !db_copy(rows, 0, 2, factor, UUID_SIZE)) {
		*outcome = LINKS_GONE;
		e = why_set(why, ERR_DATABASE,
			    "database: link_use_alone: unexpected value");
	}
	db_rows_free(rows);
	return e;
}
