/*
 * doorward session: who is logged in, and ending it.
 */
#include <stdio.h>

#include "bin/db/database.h"
#include "store/upkeep.h"
#include "store/users.h"
#include "json/json.h"

#define LIST_MAX 100000

/* ---- list ---- */

/* The words of RFC 8176: by what the session was proven. */
static void
put_amr(struct buf *out, struct str words)
{
	json_put_name(out, "amr");
	json_put_open(out, '[');
	while (words.n > 0)
		json_put_str(out, str_cut(&words, ' '));
	json_put_close(out, ']');
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		json_put_open(out, '{');
		json_put_member(out, "id", db_str(rows, i, 0));
		json_put_member(out, "name", db_str(rows, i, 1));
		json_put_member_int(out, "opened_at", db_int(rows, i, 2));
		json_put_member_int(out, "used_at", db_int(rows, i, 3));
		json_put_member_int(out, "ends_at", db_int(rows, i, 4));
		json_put_member(out, "address", db_str(rows, i, 5));
		json_put_member(out, "agent", db_str(rows, i, 6));
		json_put_member_bool(out, "remember", db_bool(rows, i, 7));
		put_amr(out, db_str(rows, i, 8));
		if (!db_is_null(rows, i, 9))
			json_put_member_int(out, "factor_at", db_int(rows, i, 9));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(
		out, "ID                                   LAST USED (UTC)   NAME       "
		     "              PROVEN BY            ADDRESS              BROWSER");
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_add(out, db_str(rows, i, 0));
		buf_addc(out, ' ');
		buf_add(out, database_time(rows, i, 3, text));
		buf_addf(out, "  %-24.*s %-20.*s %-20.*s %.*s\n",
			 STR_ARG(db_str(rows, i, 1)), STR_ARG(db_str(rows, i, 8)),
			 STR_ARG(db_str(rows, i, 5)), STR_ARG(db_str(rows, i, 6)));
	}
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

	if (!command_options(&argc, argv, options) || argc > 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = upkeep_sessions(d.db, str_of(argc == 2 ? argv[1] : NULL), LIST_MAX, &rows,
			    &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- end ---- */

static enum err
end_of_user(struct database *d, struct str name, int64_t *ended, struct why *why)
{
	bool found;
	enum err e =
		users_sessions_end(d->db, name, str_of(d->actor), &found, ended, why);

	if (e == ERR_OK && !found)
		e = why_set(why, ERR_NOT_FOUND,
			    "there is no user %.*s; `doorward user list` shows them all",
			    STR_ARG(name));
	return e;
}

static enum err
end_one(struct database *d, struct str id, int64_t *ended, struct why *why)
{
	bool known, one;
	enum err e = upkeep_session_end(d->db, id, str_of(d->actor), &known, &one, why);

	/* over already: what was wanted, and the verifiers are told once more */
	*ended = one;
	if (e == ERR_OK && !known)
		e = why_set(why, ERR_NOT_FOUND,
			    "there is no session %.*s; `doorward session list` shows the "
			    "ids, and "
			    "--user NAME ends all of a user",
			    STR_ARG(id));
	return e;
}

static int
end(int argc, char **argv)
{
	const char *user = NULL;
	const struct command_option options[] = { { "user", .value = &user }, { NULL } };
	struct why why = { "" };
	struct database d;
	int64_t ended = 0;
	int result;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != (user == NULL ? 2 : 1))
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = user != NULL ? end_of_user(&d, str_of(user), &ended, &why)
			 : end_one(&d, str_of(argv[1]), &ended, &why);
	if (e == ERR_OK)
		e = database_end(&d, SESSION_END_OPERATOR, &why);
	result = database_result(e, &why);
	if (result == COMMAND_OK)
		fprintf(stderr, "%lld session%s ended\n", (long long)ended,
			command_plural(ended));
	database_close(&d);
	return result;
}

int
session_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "list", list },
		{ "end", end },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
