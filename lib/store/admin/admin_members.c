#include "store/admin/admin_members.h"

#include "db/named.h"

#define IMPORT(FIRST, NEXT)                                                              \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, sid))                                       \
	NEXT(2, p_people, jsonb, db_arg_text(a, people))                                 \
	NEXT(3, p_by_mail, boolean, db_arg_bool(a, by_mail))                             \
	NEXT(4, p_dry, boolean, db_arg_bool(a, dry))                                     \
	NEXT(5, p_address, inet, db_arg_address(a, address))

enum err
admin_import(struct db *db, struct str sid, struct str people, bool by_mail, bool dry,
	     struct str address, struct db_rows **rows, enum admin_refusal *refusal,
	     struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(IMPORT);
	return admin_query(
		db, "select n, outcome from doorward.admin_import(" NAMED_SQL(IMPORT) ")",
		a, rows, refusal, why);
}

#define PEOPLE(FIRST, NEXT)                                                              \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, sid))                                       \
	NEXT(2, p_q, text, db_arg_text(a, asked->q))                                     \
	NEXT(3, p_role, text, db_arg_text(a, asked->role))                               \
	NEXT(4, p_state, text, db_arg_text(a, asked->state))                             \
	NEXT(5, p_after, text, db_arg_text(a, asked->after))                             \
	NEXT(6, p_limit, integer, db_arg_int(a, asked->limit))

enum err
admin_people_file(struct db *db, struct str sid, const struct admin_people_asked *asked,
		  struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(PEOPLE);
	return admin_query(db,
			   "select name, address, display_name, roles, disabled, id, next"
			   " from doorward.admin_people_file(" NAMED_SQL(PEOPLE) ")",
			   a, rows, refusal, why);
}
