/* Whether the database answers each program, as this user. */
#include <stdio.h>
#include <string.h>

#include "bin/config/config_files.h"
#include "bin/who.h"
#include "db/db.h"

/* One that connects: the first function that it calls stands for all. */
struct client {
	const char *program, *setting, *function;
	const char *option; /* of `doorward db migrate`, names the role */
	const char *conninfo;
	bool command; /* the operator's, run by another user than the programs */
};

/*
 * Connect as the program does, within its deadline, and ask whether its role may
 * call what the program calls. ERR_PERMISSION: it answers, but not this role.
 */
static enum err
ask(const struct client *client, struct why *why)
{
	static const char sql[] =
		"select coalesce(bool_and(has_function_privilege(p.oid, 'execute')),"
		" false), current_user from pg_catalog.pg_proc p where"
		" p.pronamespace = 'doorward'::regnamespace and p.proname = $1";
	struct db_rows *rows = NULL;
	struct db *db = NULL;
	struct db_args a;
	enum err e =
		db_open(&db, client->conninfo, "doorward config", &embedded_schema, why);

	if (e == ERR_OK) {
		db_args_init(&a);
		db_arg_text(&a, str_of(client->function));
		e = db_query_row(db, sql, &a, &rows, why);
	}
	if (e == ERR_OK && !db_bool(rows, 0, 0))
		e = why_set(why, ERR_PERMISSION,
			    "the role \"%.*s\" lacks a right that %s needs",
			    STR_ARG(db_str(rows, 0, 1)), client->program);
	db_rows_free(rows);
	db_close(db);
	return e;
}

static const char *
setting_of(const struct config *c, const struct client *client)
{
	return c->database != NULL && strcmp(c->database, client->conninfo) == 0
		       ? "database"
		       : client->setting;
}

/* What helps: to be another user, or the right for this role. */
static void
put_failure(const struct config *c, const struct client *client, enum err e,
	    const char *text, struct buf *problems, struct buf *notes)
{
	char name[WHO_SIZE];
	bool other = who_matters(text) &&
		     (client->command ? who_is_operator(c, name)
				      : who_is_program(c, client->conninfo, name));
	struct buf *out = other && client->command ? notes : problems;

	if (other && client->command)
		buf_addf(out, "%s was not looked at", client->program);
	else
		buf_addf(out, "%s: %s: %s: %s", c->file, setting_of(c, client),
			 client->program, text);
	if (other) {
		buf_addz(out, "; as its user: ");
		who_put_command(out, name, "config check");
	} else if (e == ERR_PERMISSION) {
		buf_addf(out, "; `doorward db migrate %s ROLE` grants it",
			 client->option);
	}
	buf_addc(out, '\n');
}

void
config_check_database(const struct config *c, struct buf *problems, struct buf *notes)
{
	const struct client clients[] = {
		{ "login.fcgi", "database_login", "login_begin", "--login-role",
		  c->database_login },
		{ "account.fcgi", "database_account", "account_find", "--account-role",
		  c->database_account },
		{ "the doorward command", "database_admin", "status", "--admin-role",
		  c->database_admin, true },
	};
	const char *failed = NULL;

	for (size_t i = 0; i < sizeof(clients) / sizeof(*clients); i++) {
		const struct client *client = &clients[i];
		struct why why = { "" };
		enum err e;

		if (client->conninfo == NULL ||
		    (failed != NULL && strcmp(failed, client->conninfo) == 0))
			continue;
		e = ask(client, &why);
		if (e != ERR_OK)
			put_failure(c, client, e,
				    why.text[0] != '\0' ? why.text : err_text(e),
				    problems, notes);
		if (e != ERR_OK && e != ERR_PERMISSION)
			failed = client->conninfo;
	}
}
