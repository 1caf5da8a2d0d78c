/*
 * doorward role: which roles each admin role may give on the admin pages.
 */
#include <stdio.h>
#include <string.h>

#include "bin/db/database.h"
#include "store/admin/rights.h"
#include "json/json.h"

#define ROLES_MAX 64

/* ---- list ---- */

/* The rows from `i` on that are about the same admin role. */
static size_t
rows_alike(const struct db_rows *rows, size_t i)
{
	size_t end = i + 1;

	while (end < db_count(rows) && str_eq(db_str(rows, end, 0), db_str(rows, i, 0)))
		end++;
	return end;
}

static void
put_words(struct buf *out, const char *name, const struct db_rows *rows, size_t i,
	  size_t end, bool allowed)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	for (; i < end; i++)
		if (!db_is_null(rows, i, 1) && db_bool(rows, i, 2) == allowed)
			json_put_str(out, db_str(rows, i, 1));
	json_put_close(out, ']');
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0, end; i < db_count(rows); i = end) {
		end = rows_alike(rows, i);
		json_put_open(out, '{');
		json_put_member(out, "admin_role", db_str(rows, i, 0));
		put_words(out, "allowed", rows, i, end, true);
		put_words(out, "forbidden", rows, i, end, false);
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

/* A role that is taken away from * has a hyphen in front. */
static void
put_text(struct buf *out, const struct db_rows *rows)
{
	command_header(out, "ADMIN ROLE            ROLES THAT IT MAY GIVE");
	for (size_t i = 0, end; i < db_count(rows); i = end) {
		end = rows_alike(rows, i);
		buf_addf(out, "%-21.*s", STR_ARG(db_str(rows, i, 0)));
		for (; i < end; i++)
			if (!db_is_null(rows, i, 1))
				buf_addf(out, " %s%.*s", db_bool(rows, i, 2) ? "" : "-",
					 STR_ARG(db_str(rows, i, 1)));
			else
				buf_addz(out, " (none)");
		buf_addc(out, '\n');
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

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = rights_list(d.db, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- allow, forbid ---- */

/* False after a complaint. */
static bool
take_roles(int argc, char **argv, struct str roles[ROLES_MAX])
{
	if (argc - 2 > ROLES_MAX)
		return command_fail("more than %d roles at once", ROLES_MAX) ==
		       COMMAND_OK;
	for (int i = 1; i < argc; i++) {
		if (!command_is_role(argv[i]) && (i == 1 || strcmp(argv[i], "*") != 0))
			return command_fail("%s is no role: one is 1 to 64 of A-Z a-z "
					    "0-9 _ . : -%s",
					    argv[i][0] == '\0' ? "an empty word"
							       : argv[i],
					    i == 1 ? "" : ", or * for every role") ==
			       COMMAND_OK;
		if (i > 1)
			roles[i - 2] = str_of(argv[i]);
	}
	return true;
}

static int
set(int argc, char **argv, bool allowed)
{
	const struct command_option options[] = { { NULL } };
	struct str roles[ROLES_MAX];
	struct why why = { "" };
	struct database d;
	bool changed;
	enum err e;

	if (!command_options(&argc, argv, options) || argc < 3)
		return COMMAND_MISUSED;
	if (!take_roles(argc, argv, roles) || !database_open(&d, false))
		return COMMAND_FAILED;
	e = rights_set(d.db, str_of(argv[1]), roles, (size_t)argc - 2, allowed,
		       str_of(d.actor), &changed, &why);
	if (e == ERR_OK && !changed)
		fprintf(stderr, "it was so before: nothing was changed\n");
	database_close(&d);
	return database_result(e, &why);
}

static int
allow(int argc, char **argv)
{
	return set(argc, argv, true);
}

static int
forbid(int argc, char **argv)
{
	return set(argc, argv, false);
}

int
role_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "list", list },
		{ "allow", allow },
		{ "forbid", forbid },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
