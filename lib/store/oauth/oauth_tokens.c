#include "store/oauth/oauth_tokens.h"

#include "db/named.h"

/* The columns of oauth_tokens in SQL, in the order in which read_grant takes them. */
#define PERSON                                                                           \
	"user_id, name, display_name, groups, address, address_verified, language, "     \
	"scopes"
#define GRANT                                                                            \
	", sid, id_sid, nonce, auth_time, amr, audience, alg, id_token_claims, ends_at"

void
oauth_answer_done(struct oauth_answer *answer)
{
	db_rows_free(answer->rows);
	*answer = (struct oauth_answer){ .outcome = OAUTH_INVALID };
}

static enum oauth_outcome
outcome_of(struct str word)
{
	static const struct {
		const char *word;
		enum oauth_outcome outcome;
	} outcomes[] = {
		{ "ok", OAUTH_OK },           { "client", OAUTH_CLIENT },
		{ "unknown", OAUTH_UNKNOWN }, { "ended", OAUTH_ENDED },
		{ "over", OAUTH_ENDED },      { "lost", OAUTH_LOST },
		{ "reuse", OAUTH_REUSE },     { "changed", OAUTH_CHANGED },
	};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (str_is(word, outcomes[i].word))
			return outcomes[i].outcome;
	return OAUTH_INVALID;
}

/* Columns of PERSON from the fourth on. */
static void
read_person(const struct db_rows *rows, struct oauth_grant *g)
{
	g->user_id = db_str(rows, 0, 3);
	g->name = db_str(rows, 0, 4);
	g->display_name = db_str(rows, 0, 5);
	g->groups = db_str(rows, 0, 6);
	g->address = db_str(rows, 0, 7);
	g->address_verified = db_bool(rows, 0, 8);
	g->language = db_str(rows, 0, 9);
	g->scopes = db_str(rows, 0, 10);
}

/* Those of GRANT after them. */
static void
read_grant(const struct db_rows *rows, struct oauth_grant *g)
{
	read_person(rows, g);
	g->sid = db_str(rows, 0, 11);
	g->id_sid = db_str(rows, 0, 12);
	g->nonce = db_str(rows, 0, 13);
	g->auth_time = db_int(rows, 0, 14);
	g->amr = db_str(rows, 0, 15);
	g->audience = db_str(rows, 0, 16);
	g->alg = db_str(rows, 0, 17);
	g->id_token_claims = db_bool(rows, 0, 18);
	g->ends_at = db_int(rows, 0, 19);
}

/* A call whose first columns are outcome, origin and revoked. */
static enum err
ask(struct db *db, const char *sql, struct db_args *a,
    void (*read)(const struct db_rows *rows, struct oauth_grant *g),
    struct oauth_answer *answer, struct why *why)
{
	enum err e;

	*answer = (struct oauth_answer){ .outcome = OAUTH_INVALID };
	if ((e = db_query_row(db, sql, a, &answer->rows, why)) != ERR_OK)
		return e;
	answer->outcome = outcome_of(db_str(answer->rows, 0, 0));
	answer->origin = db_bool(answer->rows, 0, 1);
	answer->revoked = db_str(answer->rows, 0, 2);
	if (answer->outcome == OAUTH_OK && read != NULL)
		read(answer->rows, &answer->grant);
	return ERR_OK;
}

#define CODE_USE(FIRST, NEXT)                                                            \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, code->hash))                             \
	NEXT(2, p_client, text, db_arg_text(a, proof->client))                           \
	NEXT(3, p_secret, bytea, db_arg_bytes(a, proof->secret))                         \
	NEXT(4, p_method, text, db_arg_text(a, proof->method))                           \
	NEXT(5, p_redirect, text, db_arg_text_or_null(a, code->redirect))                \
	NEXT(6, p_challenge, text, db_arg_text_or_null(a, code->challenge))              \
	NEXT(7, p_refresh, bytea, db_arg_bytes(a, code->refresh))                        \
	NEXT(8, p_offline_life, integer, db_arg_int(a, code->offline_life))              \
	NEXT(9, p_origin, text, db_arg_text_or_null(a, proof->origin))                   \
	NEXT(10, p_address, inet, db_arg_address(a, code->address))

enum err
oauth_code_use(struct db *db, const struct oauth_proof *proof,
	       const struct oauth_code *code, struct oauth_answer *answer,
	       struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(CODE_USE);
	return ask(db,
		   "select outcome, origin, revoked, " PERSON GRANT
		   " from doorward.oauth_code_use(" NAMED_SQL(CODE_USE) ")",
		   a, read_grant, answer, why);
}

#define LOOK(FIRST, NEXT)                                                                \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, renewal->old))                           \
	NEXT(2, p_next, bytea, db_arg_bytes(a, renewal->next))                           \
	NEXT(3, p_grace, integer, db_arg_int(a, renewal->grace))                         \
	NEXT(4, p_client, text, db_arg_text(a, proof->client))                           \
	NEXT(5, p_secret, bytea, db_arg_bytes(a, proof->secret))                         \
	NEXT(6, p_method, text, db_arg_text(a, proof->method))                           \
	NEXT(7, p_origin, text, db_arg_text_or_null(a, proof->origin))

enum err
oauth_refresh_look(struct db *db, const struct oauth_proof *proof,
		   const struct oauth_renewal *renewal, struct oauth_answer *answer,
		   struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(LOOK);
	return ask(db,
		   "select outcome, origin, null, " PERSON GRANT
		   " from doorward.oauth_refresh_look(" NAMED_SQL(LOOK) ")",
		   a, read_grant, answer, why);
}

#define REFRESH(FIRST, NEXT)                                                             \
	FIRST(1, p_hash, bytea, db_arg_bytes(a, renewal->old))                           \
	NEXT(2, p_next, bytea, db_arg_bytes(a, renewal->next))                           \
	NEXT(3, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(4, p_grace, integer, db_arg_int(a, renewal->grace))                         \
	NEXT(5, p_client, text, db_arg_text(a, proof->client))                           \
	NEXT(6, p_secret, bytea, db_arg_bytes(a, proof->secret))                         \
	NEXT(7, p_method, text, db_arg_text(a, proof->method))                           \
	NEXT(8, p_offline_life, integer, db_arg_int(a, renewal->offline_life))           \
	NEXT(9, p_address, inet, db_arg_address(a, renewal->address))

enum err
oauth_refresh(struct db *db, const struct oauth_proof *proof,
	      const struct oauth_renewal *renewal, struct str sid,
	      struct oauth_answer *answer, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(REFRESH);
	return ask(db,
		   "select outcome, null, revoked"
		   " from doorward.oauth_refresh(" NAMED_SQL(REFRESH) ")",
		   a, NULL, answer, why);
}

enum err
oauth_userinfo(struct db *db, struct str sid, struct str user, struct str client,
	       struct str origin, struct oauth_answer *answer, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_uuid(&a, user);
	db_arg_text(&a, client);
	db_arg_text_or_null(&a, origin);
	return ask(db,
		   "select outcome, origin, null, " PERSON
		   " from doorward.oauth_userinfo($1::uuid, $2::uuid, $3, $4)",
		   &a, read_person, answer, why);
}

#define REVOKE(FIRST, NEXT)                                                              \
	FIRST(1, p_client, text, db_arg_text(a, proof->client))                          \
	NEXT(2, p_secret, bytea, db_arg_bytes(a, proof->secret))                         \
	NEXT(3, p_method, text, db_arg_text(a, proof->method))                           \
	NEXT(4, p_hash, bytea, db_arg_bytes(a, hash))                                    \
	NEXT(5, p_sid, uuid, db_arg_uuid(a, sid))                                        \
	NEXT(6, p_origin, text, db_arg_text_or_null(a, proof->origin))                   \
	NEXT(7, p_address, inet, db_arg_address(a, address))

enum err
oauth_revoke(struct db *db, const struct oauth_proof *proof, struct str hash,
	     struct str sid, struct str address, struct oauth_answer *answer,
	     struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(REVOKE);
	return ask(db,
		   "select outcome, origin, revoked"
		   " from doorward.oauth_revoke(" NAMED_SQL(REVOKE) ")",
		   a, NULL, answer, why);
}

enum err
oauth_client_alg(struct db *db, struct str client, struct buf *alg, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_text(&a, client);
	db_arg_null(&a);
	db_arg_null(&a);
	e = db_query(db,
		     "select alg from doorward.oauth_client_look($1, $2::uuid, $3::uuid)",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	if (db_count(rows) == 1)
		buf_add(alg, db_str(rows, 0, 0));
	db_rows_free(rows);
	return ERR_OK;
}

enum err
oauth_origin_known(struct db *db, struct str origin, bool *known, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*known = false;
	db_args_init(&a);
	db_arg_text(&a, origin);
	e = db_query_row(db, "select doorward.oauth_origin_known($1)", &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*known = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return ERR_OK;
}
