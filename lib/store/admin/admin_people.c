#include "store/admin/admin_people.h"

#include "db/named.h"

#define PEOPLE(FIRST, NEXT)                                                              \
	FIRST(1, p_sid, uuid, db_arg_uuid(a, sid))                                       \
	NEXT(2, p_q, text, db_arg_text(a, asked->q))                                     \
	NEXT(3, p_role, text, db_arg_text(a, asked->role))                               \
	NEXT(4, p_state, text, db_arg_text(a, asked->state))                             \
	NEXT(5, p_after, text, db_arg_text(a, asked->after))                             \
	NEXT(6, p_limit, integer, db_arg_int(a, asked->limit))

enum err
admin_people(struct db *db, struct str sid, const struct admin_people_asked *asked,
	     struct db_rows **rows, enum admin_refusal *refusal, struct why *why)
{
	struct db_args args, *a = &args;

	db_args_init(a);
	NAMED_ADD(PEOPLE);
	return admin_query(db,
			   "select id, name, display_name, address, roles, disabled,"
			   " next from doorward.admin_people(" NAMED_SQL(PEOPLE) ")",
			   a, rows, refusal, why);
}
