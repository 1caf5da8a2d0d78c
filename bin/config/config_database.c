/* Checks whether the database answers each program, as this user. */
#include <stdio.h>
#include <string.h>

#include "bin/config/config_files.h"
#include "bin/who.h"
#include "config/roles/db_roles.h"
#include "db/db.h"

#define CALLER_SIZE 64

/* Who connects. */
static const char *
caller(const struct db_role_row *client, char name[CALLER_SIZE])
{
	if (client->other != NULL)
		return client->other;
	snprintf(name, CALLER_SIZE, "%s.fcgi", client->name);
	return name;
}

/*
 * Connect as the program does, within its deadline, and ask whether its role may call
 * what the program calls. ERR_PERMISSION: the database answers, but not to this role.
 */
static enum err
ask(const struct db_role_row *client, const char *conninfo, struct why *why)
{
	static const char sql[] =
		"select coalesce(bool_and(has_function_privilege(p.oid, 'execute')),"
		" false), current_user from pg_catalog.pg_proc p where"
		" p.pronamespace = 'doorward'::regnamespace and p.proname = $1";
	char by[CALLER_SIZE];
	struct db_rows *rows = NULL;
	struct db *db = NULL;
	struct db_args a;
	enum err e = db_open(&db, conninfo, "doorward config", &embedded_schema, why);

	if (e == ERR_OK) {
		db_args_init(&a);
		db_arg_text(&a, str_of(client->function));
		e = db_query_row(db, sql, &a, &rows, why);
	}
	if (e == ERR_OK && !db_bool(rows, 0, 0))
		e = why_set(why, ERR_PERMISSION,
			    "the role \"%.*s\" lacks a right that %s needs",
			    STR_ARG(db_str(rows, 0, 1)), caller(client, by));
	db_rows_free(rows);
	db_close(db);
	return e;
}

static const char *
setting_of(const struct config *c, const struct db_role_row *client, const char *conninfo)
{
	return c->database != NULL && strcmp(c->database, conninfo) == 0
		       ? "database"
		       : client->setting;
}

/*
 * The role of `database` stands in for a role of the admin pages that nobody has named. A
 * site from before there were such pages has given it no right to them.
 */
static bool
is_left_out(const struct config *c, enum db_role role, enum err e)
{
	return role == DB_ROLE_WEBADMIN && e == ERR_PERMISSION && c->database != NULL &&
	       strcmp(c->database, c->database_webadmin) == 0;
}

/* What to do: run it as another user, or give this role the right. */
static void
put_failure(const struct config *c, enum db_role role, enum err e, const char *text,
	    struct buf *problems, struct buf *notes)
{
	const struct db_role_row *client = &db_roles[role];
	const char *conninfo = db_role_conninfo(c, role);
	char name[WHO_SIZE], by[CALLER_SIZE];
	bool matters = who_matters(text);
	bool apart = matters && (client->command ? who_is_operator(c, name)
						 : who_is_own_user(client->unit != NULL
									   ? client->unit
									   : client->name,
								   name));
	bool other = apart ||
		     (matters && !client->command && who_is_program(c, conninfo, name));
	bool left_out = is_left_out(c, role, e);
	struct buf *out = apart || left_out ? notes : problems;

	if (apart)
		buf_addf(out, "%s was not looked at", caller(client, by));
	else if (left_out)
		buf_addf(out, "%s: %s", caller(client, by), text);
	else
		buf_addf(out, "%s: %s: %s: %s", c->file, setting_of(c, client, conninfo),
			 caller(client, by), text);
	if (other) {
		buf_addz(out, "; as its user: ");
		who_put_command(out, name, "config check");
	} else if (e == ERR_PERMISSION) {
		buf_addf(out, "; `doorward db migrate --%s ROLE` grants it",
			 client->option);
		if (left_out)
			buf_addz(out, " (not needed unless you use it)");
	}
	buf_addc(out, '\n');
}

/* Without mail and without clients, nobody uses these roles. */
static bool
is_used(const struct config *c, enum db_role role)
{
	return (role != DB_ROLE_MAIL || c->mail_server != NULL) &&
	       (role != DB_ROLE_OAUTH || c->oauth);
}

void
config_check_database(const struct config *c, struct buf *problems, struct buf *notes)
{
	const char *failed = NULL;

	for (enum db_role role = DB_ROLE_LOGIN; role < DB_ROLES; role++) {
		const char *conninfo = db_role_conninfo(c, role);
		struct why why = { "" };
		enum err e;

		if (conninfo == NULL || !is_used(c, role) ||
		    (failed != NULL && strcmp(failed, conninfo) == 0))
			continue;
		e = ask(&db_roles[role], conninfo, &why);
		if (e != ERR_OK)
			put_failure(c, role, e,
				    why.text[0] != '\0' ? why.text : err_text(e),
				    problems, notes);
		if (e != ERR_OK && e != ERR_PERMISSION)
			failed = conninfo;
	}
}
