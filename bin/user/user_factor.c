/*
 * doorward user factor: what a user proves besides the password, listed and taken away.
 */
#include "bin/db/database.h"
#include "bin/user/user.h"
#include "store/factor/factors.h"
#include "store/users.h"
#include "json/json.h"

/* Columns of factors_list_any. */
enum { KIND, ID, NAME, CREATED_AT, USED_AT, SYNCED, RP_ID, KEY_ID, REMAINING };

/* ---- list ---- */

static void
put_str(struct buf *out, const char *name, const struct db_rows *rows, size_t row,
	int column)
{
	if (!db_is_null(rows, row, column))
		json_put_member(out, name, db_str(rows, row, column));
}

static void
put_int(struct buf *out, const char *name, const struct db_rows *rows, size_t row,
	int column)
{
	if (!db_is_null(rows, row, column))
		json_put_member_int(out, name, db_int(rows, row, column));
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		json_put_open(out, '{');
		put_str(out, "kind", rows, i, KIND);
		put_str(out, "id", rows, i, ID);
		put_str(out, "name", rows, i, NAME);
		put_int(out, "created_at", rows, i, CREATED_AT);
		put_int(out, "used_at", rows, i, USED_AT);
		if (!db_is_null(rows, i, SYNCED))
			json_put_member_bool(out, "synced", db_bool(rows, i, SYNCED));
		put_str(out, "rp_id", rows, i, RP_ID);
		put_str(out, "key_id", rows, i, KEY_ID);
		put_int(out, "remaining", rows, i, REMAINING);
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

/* What only this kind has. */
static void
put_about(struct buf *out, const struct db_rows *rows, size_t row)
{
	if (!db_is_null(rows, row, KEY_ID))
		buf_addf(out, "key %.*s", STR_ARG(db_str(rows, row, KEY_ID)));
	if (!db_is_null(rows, row, REMAINING))
		buf_addf(out, "%.*s left", STR_ARG(db_str(rows, row, REMAINING)));
	if (!db_is_null(rows, row, NAME))
		buf_addf(out, "%.*s, %s, for %.*s", STR_ARG(db_str(rows, row, NAME)),
			 db_bool(rows, row, SYNCED) ? "synced" : "in one device",
			 STR_ARG(db_str(rows, row, RP_ID)));
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(out, "KIND      ADDED (UTC)       LAST USED (UTC)   ABOUT IT");
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_addf(out, "%-9.*s", STR_ARG(db_str(rows, i, KIND)));
		buf_addf(out, " %-16.*s ",
			 STR_ARG(database_time(rows, i, CREATED_AT, text)));
		buf_addf(out, " %-16.*s  ",
			 STR_ARG(database_time(rows, i, USED_AT, text)));
		put_about(out, rows, i);
		buf_addc(out, '\n');
	}
}

/* ERR_NOT_FOUND if there is no such user. */
static enum err
look_for(struct database *d, struct str name, struct why *why)
{
	struct db_rows *rows = NULL;
	enum err e = users_show(d->db, name, &rows, why);

	if (e == ERR_OK && db_count(rows) == 0)
		e = why_set(why, ERR_NOT_FOUND,
			    "there is no user %.*s; `doorward user list` shows them all",
			    STR_ARG(name));
	db_rows_free(rows);
	return e;
}

static int
list(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = look_for(&d, str_of(argv[1]), &why);
	if (e == ERR_OK)
		e = factors_list_any(d.db, str_of(argv[1]), &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- reset ---- */

static int
reset(int argc, char **argv)
{
	bool yes = false;
	const struct command_option options[] = { { "yes", .flag = &yes }, { NULL } };
	struct why why = { "" };
	struct database d;
	int64_t ended = 0;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!command_confirm(yes,
			     "All passkeys, one-time codes and recovery codes of %s go, "
			     "and all sessions and what apps hold end.",
			     argv[1]))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = factors_reset(d.db, str_of(argv[1]), config_has_mail(&d.config),
			  str_of(d.actor), &ended, &why);
	return user_changed(&d, e, ended >= 0, ended, argv[1], SESSION_END_OPERATOR,
			    &why);
}

int
user_factor(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "list", list },
		{ "reset", reset },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
