#include "store/admin/admin.h"

#include <string.h>

static const struct {
	const char *state;
	enum admin_refusal refusal;
} refusals[] = {
	{ "DW401", ADMIN_NO_SESSION },
	{ "DW403", ADMIN_NO_RIGHT },
	{ "DW419", ADMIN_NOT_FRESH },
};

enum err
admin_query(struct db *db, const char *sql, struct db_args *a, struct db_rows **rows,
	    enum admin_refusal *refusal, struct why *why)
{
	enum err e = db_query(db, sql, a, rows, why);

	*refusal = e == ERR_OK ? ADMIN_GRANTED : ADMIN_NO_SESSION;
	if (e != ERR_DATABASE)
		return e;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (strcmp(db_refusal(db), refusals[i].state) == 0) {
			*refusal = refusals[i].refusal;
			return ERR_OK;
		}
	return e;
}

static enum err
read_admin(const struct db_rows *rows, struct admin *admin, struct why *why)
{
	admin->address_verified = db_bool(rows, 0, 6);
	admin->auth_time = db_int(rows, 0, 7);
	admin->gives_all = db_bool(rows, 0, 8);
	if (db_count(rows) != 1 || !db_copy(rows, 0, 0, admin->id, sizeof(admin->id)) ||
	    !db_copy(rows, 0, 1, admin->name, sizeof(admin->name)) ||
	    !db_copy(rows, 0, 2, admin->roles, sizeof(admin->roles)) ||
	    !db_copy(rows, 0, 3, admin->display_name, sizeof(admin->display_name)) ||
	    !db_copy(rows, 0, 4, admin->language, sizeof(admin->language)) ||
	    !db_copy(rows, 0, 5, admin->address, sizeof(admin->address)) ||
	    !db_copy(rows, 0, 9, admin->gives, sizeof(admin->gives)) ||
	    !db_copy(rows, 0, 10, admin->refused, sizeof(admin->refused)))
		return why_set(why, ERR_DATABASE,
			       "database: admin_find: unexpected value");
	return ERR_OK;
}

enum err
admin_find(struct db *db, struct str sid, struct admin *admin,
	   enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	*admin = (struct admin){ .id = "" };
	db_args_init(&a);
	db_arg_uuid(&a, sid);
	e = admin_query(db,
			"select id, name, roles, display_name, language, address,"
			" address_verified, auth_time, gives_all, gives, refused"
			" from doorward.admin_find($1::uuid)",
			&a, &rows, refusal, why);
	if (e == ERR_OK && *refusal == ADMIN_GRANTED &&
	    (e = read_admin(rows, admin, why)) != ERR_OK) {
		*admin = (struct admin){ .id = "" };
		*refusal = ADMIN_NO_SESSION;
	}
	db_rows_free(rows);
	return e;
}

static bool
has_word(const char *words, struct str word)
{
	struct str rest = str_of(words);

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), word))
			return true;
	return false;
}

bool
admin_gives(const struct admin *admin, struct str role)
{
	return has_word(admin->gives, role) ||
	       (admin->gives_all && !has_word(admin->refused, role));
}
