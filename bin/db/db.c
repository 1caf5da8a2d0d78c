/*
 * doorward db: the schema of the database and its upkeep.
 */
#include <stdio.h>
#include <string.h>

#include "bin/db/database.h"
#include "bin/db/trail.h"
#include "config/roles/db_roles.h"
#include "db/limits.h"
#include "db/migrate.h"
#include "store/admin/rights.h"
#include "store/upkeep.h"
#include "json/json.h"

#define OUT_MAX (1024 * 1024)
#define ROLE_SIZE 256
#define SQL_MAX 4096 /* the statements that limit one role */

/* ---- migrate ---- */

static void
say_applied(int number, const char *name)
{
	(void)number;
	fprintf(stderr, "applied %s\n", name);
}

/*
 * These tables were never released, so no migration changes them into the present
 * ones.
 */
static void
say_unreleased(const char *conninfo)
{
	fprintf(stderr,
		"The schema doorward is of a version before the first release. To keep "
		"the users, with\n"
		"their passwords and roles, say as the owner of the tables:\n"
		"\n"
		"  psql -XAtc \"select json_strip_nulls(json_build_object('name', name,\n"
		"    'password_hash', password_hash, 'roles', roles, 'disabled', "
		"disabled))\n"
		"    from doorward.users\" \"%s\" >users.jsonl\n"
		"  psql -Xc 'drop schema doorward cascade' \"%s\"\n"
		"  doorward db migrate\n"
		"  doorward user import <users.jsonl\n"
		"\n"
		"Sessions and the audit table are lost: everybody logs in again.\n",
		conninfo, conninfo);
}

/*
 * The role of a program: from an option, or from the program's own conninfo, unless
 * that names the owner of the tables.
 */
static enum err
name_role(struct database *d, const char *program, const char *option,
	  const char *conninfo, struct trail *trail, struct why *why)
{
	char owner[256], user[256] = "";
	bool changed = false;
	enum err e;

	db_user(d->config.database_admin, owner, sizeof(owner));
	if (conninfo != NULL)
		db_user(conninfo, user, sizeof(user));
	if (option == NULL && (user[0] == '\0' || strcmp(user, owner) == 0))
		return ERR_OK;
	if (option == NULL)
		option = user;
	e = migrate_role(d->db, program, str_of(option), &changed, why);
	if (changed)
		trail_put(trail, program, str_of(option));
	return e;
}

static enum err
name_roles(struct database *d, const char *const *roles, struct trail *trail,
	   struct why *why)
{
	enum err e = ERR_OK;

	for (enum db_role role = DB_ROLE_LOGIN; e == ERR_OK && role < DB_ROLES; role++)
		e = name_role(d, db_roles[role].name, roles[role],
			      db_role_conninfo(&d->config, role), trail, why);
	return e;
}

/*
 * Connect as the role itself, if this user may: every role may change its own
 * settings.
 */
static enum err
carry_as_itself(const char *conninfo, struct str role, struct why *why)
{
	struct db *own = NULL;
	char user[256] = "";
	struct buf sql;
	enum err e;

	if (conninfo != NULL)
		db_user(conninfo, user, sizeof(user));
	if (!str_is(role, user))
		return ERR_PERMISSION;
	e = db_open_raw(&own, conninfo, "doorward", why);
	buf_init(&sql, SQL_MAX);
	if (e == ERR_OK)
		e = limits_carry(own, role, &sql, why);
	buf_done(&sql);
	db_close(own);
	return e;
}

/* What to do about a role that this user may not change. */
static void
say_without_limits(struct str role, const char *sql)
{
	fprintf(stderr,
		"doorward: the role %.*s carries no limits in this database. The "
		"programs "
		"set their own, but cannot behind a pooler (pgbouncer). For one, a "
		"superuser says:\n%s\n",
		STR_ARG(role), sql);
}

/*
 * The owner of the tables is no program, so its statements may take long. `last` is
 * the role of the program before: if programs share a role, it is handled once.
 */
static enum err
carry_limits(struct database *d, const char *program, const char *conninfo,
	     char last[ROLE_SIZE], struct why *why)
{
	struct why inner = { "" };
	struct str role;
	struct db_rows *rows;
	struct buf sql;
	enum err e = migrate_role_of(d->db, program, &rows, why);

	if (e != ERR_OK || db_count(rows) == 0) {
		db_rows_free(rows);
		return e;
	}
	role = db_str(rows, 0, 0);
	buf_init(&sql, SQL_MAX);
	if (!str_is(role, last) && limits_carry(d->db, role, &sql, &inner) != ERR_OK &&
	    carry_as_itself(conninfo, role, &inner) != ERR_OK)
		say_without_limits(role, buf_z(&sql));
	snprintf(last, ROLE_SIZE, "%.*s", STR_ARG(role));
	buf_done(&sql);
	db_rows_free(rows);
	return ERR_OK;
}

/* The trail gets the result: which schema, which roles. Nothing if nothing changed. */
static enum err
migrate_all(struct database *d, const char *const *roles, struct trail *trail,
	    struct why *why)
{
	char last[ROLE_SIZE] = "";
	struct migrated before;
	enum err e = migrate_find(d->db, &before, why);

	if (e == ERR_OK && before.unreleased)
		say_unreleased(d->config.database_admin);
	if (e == ERR_OK)
		e = migrate_run(d->db, say_applied, why);
	if (e == ERR_OK && !migrate_is_current(&before))
		buf_addf(&trail->detail, "schema=%d functions=%.12s before=%d %.12s",
			 embedded_schema.number, embedded_schema.functions, before.number,
			 before.functions);
	if (e == ERR_OK)
		e = name_roles(d, roles, trail, why);
	if (e == ERR_OK)
		e = rights_fresh(d->db, d->config.fresh_login, why);
	if (e == ERR_OK)
		e = migrate_rights(d->db, why);
	for (enum db_role role = DB_ROLE_LOGIN; e == ERR_OK && role < DB_ROLES; role++)
		if (!db_roles[role].command)
			e = carry_limits(d, db_roles[role].name,
					 db_role_conninfo(&d->config, role), last, why);
	if (e == ERR_OK)
		fprintf(stderr, "the database is at migration %d\n",
			embedded_schema.number);
	return e;
}

/* The advice to migrate does not help somebody who is migrating. */
static int
migrate_result(enum err e, struct why *why)
{
	struct why full = *why;
	const char *reason = strrchr(full.text, ':');

	if (e == ERR_DATABASE && strstr(full.text, "lacks a right") != NULL)
		why_set(why, e,
			"only the role that owns the tables may do this: name it in "
			"database_admin, or be its user%s",
			reason == NULL ? "" : reason);
	return database_result(e, why);
}

static int
migrate(int argc, char **argv)
{
	const char *roles[DB_ROLES] = { NULL };
	struct command_option options[DB_ROLES] = { { NULL } };
	struct why why = { "" };
	struct trail trail;
	struct database d;
	int status;

	for (enum db_role role = DB_ROLE_LOGIN; role < DB_ROLES; role++)
		options[role - DB_ROLE_LOGIN] =
			(struct command_option){ db_roles[role].option,
						 .value = &roles[role] };
	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, true))
		return COMMAND_FAILED;
	trail_init(&trail, "database_migrated", &d.config);
	status = migrate_result(migrate_all(&d, roles, &trail, &why), &why);
	status = trail_after(&trail, status);
	trail_done(&trail);
	database_close(&d);
	return status;
}

/* ---- status ---- */

static void
put_migrations(struct buf *out, bool json, const struct db_rows *rows)
{
	char text[32];

	for (size_t i = 0; i < db_count(rows); i++) {
		if (!json) {
			buf_add(out, database_time(rows, i, 3, text));
			buf_addf(out, "  %.*s\n", STR_ARG(db_str(rows, i, 1)));
			continue;
		}
		json_put_open(out, '{');
		json_put_member_int(out, "number", db_int(rows, i, 0));
		json_put_member(out, "name", db_str(rows, i, 1));
		json_put_member(out, "sha256", db_str(rows, i, 2));
		json_put_member_int(out, "applied_at", db_int(rows, i, 3));
		json_put_close(out, '}');
	}
}

/*
 * The role of a program, and whether a pooler in transaction mode may be used with it.
 */
static enum err
put_role(struct buf *out, bool json, struct db *raw, const char *program, struct why *why)
{
	struct db_rows *rows = NULL;
	struct buf sql;
	enum err e = migrate_role_of(raw, program, &rows, why);

	buf_init(&sql, SQL_MAX);
	if (e == ERR_OK && db_count(rows) > 0 &&
	    (e = limits_missing(raw, db_str(rows, 0, 0), &sql, why)) == ERR_OK) {
		if (json) {
			json_put_open(out, '{');
			json_put_member(out, "program", str_of(program));
			json_put_member(out, "role", db_str(rows, 0, 0));
			json_put_member_bool(out, "limits", sql.n == 0);
			json_put_close(out, '}');
		} else {
			buf_addf(out, "%s is %.*s, which %s\n", program,
				 STR_ARG(db_str(rows, 0, 0)),
				 sql.n == 0 ? "carries its limits"
					    : "does not carry its limits: no pooler in "
					      "transaction mode");
		}
	}
	buf_done(&sql);
	db_rows_free(rows);
	return e;
}

static enum err
put_roles(struct buf *out, bool json, struct db *raw, struct why *why)
{
	enum err e = ERR_OK;

	if (json) {
		json_put_name(out, "roles");
		json_put_open(out, '[');
	}
	for (enum db_role role = DB_ROLE_LOGIN; e == ERR_OK && role < DB_ROLES; role++)
		if (!db_roles[role].command)
			e = put_role(out, json, raw, db_roles[role].name, why);
	if (json)
		json_put_close(out, ']');
	return e;
}

static void
put_status(struct buf *out, bool json, const struct migrated *m,
	   const struct db_rows *rows)
{
	if (json) {
		json_put_open(out, '{');
		json_put_member_int(out, "schema", m->number);
		json_put_member_int(out, "known", embedded_schema.number);
		json_put_member(out, "functions", str_of(m->functions));
		json_put_member(out, "known_functions",
				str_of(embedded_schema.functions));
		json_put_name(out, "migrations");
		json_put_open(out, '[');
	}
	if (rows != NULL)
		put_migrations(out, json, rows);
	if (json) {
		json_put_close(out, ']');
		return;
	}
	buf_addf(out, "the database is at migration %d, this program knows %d\n",
		 m->number, embedded_schema.number);
	buf_addf(out, "its functions are %s\n",
		 m->functions[0] == '\0' ? "missing"
		 : strcmp(m->functions, embedded_schema.functions) == 0
			 ? "those of this program"
			 : "those of another version");
}

/* Exit 0: same version; 1: run migrate (or a newer program). */
static int
status(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	struct buf out;
	struct migrated m;
	int result;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, true))
		return COMMAND_FAILED;
	buf_init(&out, OUT_MAX);
	e = migrate_find(d.db, &m, &why);
	if (e == ERR_OK && m.number > 0)
		e = migrate_list(d.db, &rows, &why);
	if (e == ERR_OK)
		put_status(&out, json, &m, rows);
	if (e == ERR_OK && m.number > 0)
		e = put_roles(&out, json, d.db, &why);
	if (json) {
		json_put_close(&out, '}');
		buf_addc(&out, '\n');
	}
	result = database_result(e, &why);
	if (e == ERR_OK) {
		if (!database_write(&out))
			result = COMMAND_FAILED;
		else if (!migrate_is_current(&m))
			result = COMMAND_NO;
	}
	db_rows_free(rows);
	buf_done(&out);
	database_close(&d);
	return result;
}

int
db_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "migrate", migrate },        { "script", db_script },
		{ "status", status },          { "tidy", db_tidy },
		{ "retention", db_retention }, { NULL },
	};

	return command_dispatch(argc, argv, actions);
}
