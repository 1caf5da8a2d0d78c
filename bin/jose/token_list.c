/* doorward token list, end: the tokens for programs that live, and ending them. */
#include <stdio.h>

#include "base/text.h"
#include "bin/db/database.h"
#include "bin/jose/token.h"
#include "store/program/programs.h"
#include "json/json.h"

#define LIST_MAX 100000

/* Columns of programs_list_any. */
enum { ID, NAME, LABEL, ROLES, PREFIX, CREATED_AT, EXPIRES_AT };

/* ---- list ---- */

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str roles = db_str(rows, i, ROLES);

		json_put_open(out, '{');
		json_put_member(out, "id", db_str(rows, i, ID));
		json_put_member(out, "name", db_str(rows, i, NAME));
		json_put_member(out, "label", db_str(rows, i, LABEL));
		json_put_name(out, "roles");
		json_put_open(out, '[');
		while (roles.n > 0)
			json_put_str(out, str_cut(&roles, ' '));
		json_put_close(out, ']');
		if (!db_is_null(rows, i, PREFIX))
			json_put_member(out, "prefix", db_str(rows, i, PREFIX));
		json_put_member_int(out, "created_at", db_int(rows, i, CREATED_AT));
		json_put_member_int(out, "expires_at", db_int(rows, i, EXPIRES_AT));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(out,
		       "ID                                   EXPIRES (UTC)     NAME  "
		       "                   ROLES                PREFIX               "
		       "LABEL");
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str roles = db_str(rows, i, ROLES);
		struct str prefix = db_str(rows, i, PREFIX);

		buf_add(out, db_str(rows, i, ID));
		buf_addc(out, ' ');
		buf_add(out, database_time(rows, i, EXPIRES_AT, text));
		buf_addf(out, "  %-24.*s %-20.*s %-20.*s %.*s\n",
			 STR_ARG(db_str(rows, i, NAME)),
			 STR_ARG(roles.n > 0 ? roles : STR("-")),
			 STR_ARG(prefix.n > 0 ? prefix : STR("/")),
			 STR_ARG(db_str(rows, i, LABEL)));
	}
}

int
token_list(int argc, char **argv)
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
	e = programs_list_any(d.db, str_of(argc == 2 ? argv[1] : NULL), LIST_MAX, &rows,
			      &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- end ---- */

static enum err
end_of_user(struct database *d, struct str name, int64_t *ended, struct why *why)
{
	bool found;
	enum err e = programs_end_user(d->db, name, str_of(d->actor), &found, ended, why);

	if (e == ERR_OK && !found)
		e = why_set(why, ERR_NOT_FOUND,
			    "there is no user %.*s; `doorward user list` shows them all",
			    STR_ARG(name));
	return e;
}

/*
 * Each of them, up to the first that is unknown. One that was over already is what was
 * wanted, and the verifiers are told once more.
 */
static enum err
end_each(struct database *d, char **ids, int n, int64_t *ended, struct why *why)
{
	bool known = true, one;
	enum err e = ERR_OK;

	for (int i = 0; i < n && e == ERR_OK; i++) {
		e = programs_end_any(d->db, str_of(ids[i]), str_of(d->actor), &known,
				     &one, why);
		*ended += one;
		if (e == ERR_OK && !known)
			e = why_set(why, ERR_NOT_FOUND,
				    "there is no token %.64s; `doorward token list` "
				    "shows the ids",
				    ids[i]);
	}
	return e;
}

int
token_end(int argc, char **argv)
{
	const char *user = NULL;
	const struct command_option options[] = { { "user", .value = &user }, { NULL } };
	struct why why = { "" }, untold = { "" };
	struct database d;
	int64_t ended = 0;
	int result;
	enum err e, told;

	if (!command_options(&argc, argv, options) ||
	    (user == NULL ? argc < 2 : argc != 1))
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = user != NULL ? end_of_user(&d, str_of(user), &ended, &why)
			 : end_each(&d, argv + 1, argc - 1, &ended, &why);
	if (e == ERR_OK || ended > 0) {
		told = database_end(&d, SESSION_END_OPERATOR, &untold);
		if (e == ERR_OK && (e = told) != ERR_OK)
			why = untold;
	}
	result = database_result(e, &why);
	if (result == COMMAND_OK || ended > 0)
		fprintf(stderr, "%lld token%s ended\n", (long long)ended,
			command_plural(ended));
	database_close(&d);
	return result;
}
