#include "store/admin/admin_person.h"

static enum err
read_person(const struct db_rows *rows, struct admin_person *p, struct why *why)
{
	p->address_verified_at = db_int(rows, 0, 5);
	p->disabled = db_bool(rows, 0, 8);
	p->has_password = db_bool(rows, 0, 9);
	p->created_at = db_int(rows, 0, 10);
	p->password_at = db_int(rows, 0, 11);
	p->last_login_at = db_int(rows, 0, 12);
	p->sessions = db_int(rows, 0, 13);
	p->throttled = db_bool(rows, 0, 14);
	p->ways = factors_ways(db_str(rows, 0, 15));
	p->may = db_bool(rows, 0, 17);
	p->last = db_bool(rows, 0, 18);
	if (!db_copy(rows, 0, 0, p->id, sizeof(p->id)) ||
	    !db_copy(rows, 0, 1, p->name, sizeof(p->name)) ||
	    !db_copy(rows, 0, 2, p->display_name, sizeof(p->display_name)) ||
	    !db_copy(rows, 0, 3, p->language, sizeof(p->language)) ||
	    !db_copy(rows, 0, 4, p->address, sizeof(p->address)) ||
	    !db_copy(rows, 0, 6, p->address_wanted, sizeof(p->address_wanted)) ||
	    !db_copy(rows, 0, 7, p->roles, sizeof(p->roles)) ||
	    !db_copy(rows, 0, 16, p->seen, sizeof(p->seen)))
		return why_set(why, ERR_DATABASE,
			       "database: admin_person: unexpected value");
	return ERR_OK;
}

enum err
admin_person_find(struct db *db, struct str sid, struct str id, struct str name,
		  struct admin_person *person, bool *found, enum admin_refusal *refusal,
		  struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*found = false;
	*person = (struct admin_person){ .id = "" };
	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_uuid(&a, id);
	db_arg_text(&a, name);
	e = admin_query(db,
			"select id, name, display_name, language, address,"
			" address_verified_at, address_wanted, roles, disabled,"
			" has_password, created_at, password_at, last_login_at, sessions,"
			" throttled, factors, seen, may, last"
			" from doorward.admin_person($1::uuid, $2::uuid, $3::text)",
			&a, &rows, refusal, why);
	if (e == ERR_OK && *refusal == ADMIN_GRANTED && db_count(rows) == 1) {
		e = read_person(rows, person, why);
		*found = e == ERR_OK;
	}
	db_rows_free(rows);
	return e;
}

/* A list of things of one person. */
static enum err
list(struct db *db, const char *sql, struct str sid, struct str id, struct db_rows **rows,
     enum admin_refusal *refusal, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_uuid(&a, sid);
	db_arg_uuid(&a, id);
	return admin_query(db, sql, &a, rows, refusal, why);
}

enum err
admin_person_sessions(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		      enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select id, opened_at, used_at, address, agent, remember, amr,"
		    " factor_at from doorward.admin_person_sessions($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}

enum err
admin_person_factors(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		     enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select kind, name, created_at, used_at, synced, remaining"
		    " from doorward.admin_person_factors($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}

enum err
admin_person_programs(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		      enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select id, label, roles, prefix, created_at, expires_at"
		    " from doorward.admin_person_programs($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}

enum err
admin_person_apps(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		  enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select client_id, name, scopes, given_at, used_at"
		    " from doorward.admin_person_apps($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}

enum err
admin_person_links(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		   enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select kind, address, created_at, ends_at, state"
		    " from doorward.admin_person_links($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}

enum err
admin_person_events(struct db *db, struct str sid, struct str id, struct db_rows **rows,
		    enum admin_refusal *refusal, struct why *why)
{
	return list(db,
		    "select id, at, event, actor, address, detail"
		    " from doorward.admin_person_events($1::uuid, $2::uuid)",
		    sid, id, rows, refusal, why);
}
