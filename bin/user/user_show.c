/*
 * doorward user show, set: what is known about one user, and what is said of one.
 */
#include <stdio.h>

#include "bin/db/database.h"
#include "bin/user/user.h"
#include "store/oauth/apps.h"
#include "store/users.h"
#include "json/json.h"

/* Columns of users_show. */
enum {
	ID,
	NAME,
	DISPLAY_NAME,
	ROLES,
	DISABLED,
	ADDRESS,
	VERIFIED_AT,
	WANTED,
	LANGUAGE,
	CREATED_AT,
	PASSWORD_AT,
	LAST_LOGIN_AT,
	SESSIONS,
	THROTTLED,
	TOKENS
};

/* ---- show ---- */

static void
put_str(struct buf *out, const char *name, const struct db_rows *rows, int column)
{
	if (!db_is_null(rows, 0, column))
		json_put_member(out, name, db_str(rows, 0, column));
}

static void
put_int(struct buf *out, const char *name, const struct db_rows *rows, int column)
{
	if (!db_is_null(rows, 0, column))
		json_put_member_int(out, name, db_int(rows, 0, column));
}

static void
put_words(struct buf *out, const char *name, struct str words)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	while (words.n > 0)
		json_put_str(out, str_cut(&words, ' '));
	json_put_close(out, ']');
}

static void
put_apps_json(struct buf *out, const struct db_rows *apps)
{
	json_put_name(out, "apps");
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(apps); i++) {
		json_put_open(out, '{');
		json_put_member(out, "client_id", db_str(apps, i, APPS_CLIENT));
		json_put_member(out, "name", db_str(apps, i, APPS_NAME));
		put_words(out, "scopes", db_str(apps, i, APPS_SCOPES));
		json_put_member_int(out, "given_at", db_int(apps, i, APPS_GIVEN_AT));
		if (!db_is_null(apps, i, APPS_USED_AT))
			json_put_member_int(out, "used_at",
					    db_int(apps, i, APPS_USED_AT));
		json_put_member_bool(out, "offline", db_bool(apps, i, APPS_OFFLINE));
		json_put_member_int(out, "grants", db_int(apps, i, APPS_GRANTS));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
}

static void
put_json(struct buf *out, const struct db_rows *rows, const struct db_rows *apps)
{
	json_put_open(out, '{');
	put_str(out, "id", rows, ID);
	put_str(out, "name", rows, NAME);
	put_str(out, "display_name", rows, DISPLAY_NAME);
	put_words(out, "roles", db_str(rows, 0, ROLES));
	json_put_member_bool(out, "disabled", db_bool(rows, 0, DISABLED));
	put_str(out, "address", rows, ADDRESS);
	put_int(out, "address_verified_at", rows, VERIFIED_AT);
	put_str(out, "address_wanted", rows, WANTED);
	put_str(out, "language", rows, LANGUAGE);
	put_int(out, "created_at", rows, CREATED_AT);
	put_int(out, "password_at", rows, PASSWORD_AT);
	put_int(out, "last_login_at", rows, LAST_LOGIN_AT);
	put_int(out, "sessions", rows, SESSIONS);
	put_int(out, "tokens", rows, TOKENS);
	put_apps_json(out, apps);
	json_put_member_bool(out, "throttled", db_bool(rows, 0, THROTTLED));
	json_put_close(out, '}');
	buf_addc(out, '\n');
}

static void
put_line(struct buf *out, const char *label, struct str value)
{
	buf_addf(out, "%-12s %.*s\n", label, STR_ARG(value));
}

static void
put_time(struct buf *out, const char *label, const struct db_rows *rows, int column,
	 const char *none)
{
	char text[32];

	if (db_is_null(rows, 0, column))
		put_line(out, label, str_of(none));
	else
		buf_addf(out, "%-12s %.*s UTC\n", label,
			 STR_ARG(database_time(rows, 0, column, text)));
}

static void
put_address(struct buf *out, const struct db_rows *rows)
{
	if (db_is_null(rows, 0, ADDRESS))
		put_line(out, "address", STR("none"));
	else
		buf_addf(out, "%-12s %.*s, %s\n", "address",
			 STR_ARG(db_str(rows, 0, ADDRESS)),
			 db_is_null(rows, 0, VERIFIED_AT) ? "not verified" : "verified");
	if (!db_is_null(rows, 0, WANTED))
		buf_addf(out, "%-12s %.*s, not proved yet\n", "asked for",
			 STR_ARG(db_str(rows, 0, WANTED)));
}

static void
put_apps(struct buf *out, const struct db_rows *apps)
{
	for (size_t i = 0; i < db_count(apps); i++)
		buf_addf(out, "%-12s %.*s (%.*s): %.*s\n", "app",
			 STR_ARG(db_str(apps, i, APPS_NAME)),
			 STR_ARG(db_str(apps, i, APPS_CLIENT)),
			 STR_ARG(db_str(apps, i, APPS_SCOPES)));
}

static void
put_text(struct buf *out, const struct db_rows *rows, const struct db_rows *apps)
{
	put_line(out, "id", db_str(rows, 0, ID));
	put_line(out, "name", db_str(rows, 0, NAME));
	if (!db_is_null(rows, 0, DISPLAY_NAME))
		put_line(out, "called", db_str(rows, 0, DISPLAY_NAME));
	put_line(out, "state",
		 str_of(db_bool(rows, 0, DISABLED) ? "disabled" : "enabled"));
	put_line(out, "roles", db_str(rows, 0, ROLES));
	put_address(out, rows);
	if (!db_is_null(rows, 0, LANGUAGE))
		put_line(out, "language", db_str(rows, 0, LANGUAGE));
	put_time(out, "added", rows, CREATED_AT, "-");
	put_time(out, "password", rows, PASSWORD_AT, "none");
	put_time(out, "last login", rows, LAST_LOGIN_AT, "never");
	put_line(out, "sessions", db_str(rows, 0, SESSIONS));
	put_line(out, "tokens", db_str(rows, 0, TOKENS));
	put_apps(out, apps);
	if (db_bool(rows, 0, THROTTLED))
		put_line(out, "guesses",
			 STR("so many that the next login has to wait: unlock"));
}

/* ERR_NOT_FOUND: there is no such user. */
static enum err
ask(struct db *db, struct str name, struct db_rows **rows, struct db_rows **apps,
    struct why *why)
{
	enum err e = users_show(db, name, rows, why);

	if (e == ERR_OK && db_count(*rows) == 0)
		return why_set(why, ERR_NOT_FOUND,
			       "there is no user %.*s; `doorward user list` shows them "
			       "all",
			       STR_ARG(name));
	return e != ERR_OK ? e : apps_of(db, name, apps, why);
}

int
user_show(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL, *apps = NULL;
	struct why why = { "" };
	struct database d;
	struct buf out;
	int result;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	buf_init(&out, DATABASE_OUT_MAX);
	result = database_result(ask(d.db, str_of(argv[1]), &rows, &apps, &why), &why);
	if (result == COMMAND_OK) {
		(json ? put_json : put_text)(&out, rows, apps);
		result = database_write(&out) ? COMMAND_OK : COMMAND_FAILED;
	}
	buf_done(&out);
	db_rows_free(rows);
	db_rows_free(apps);
	database_close(&d);
	return result;
}

/* ---- set ---- */

/* Is it called as its usage says? */
static bool
is_change(const struct users_change *c, bool no_mail)
{
	if (no_mail)
		return c->mail == NULL && !c->verified;
	if (c->verified && c->mail == NULL)
		return false;
	return c->mail != NULL || c->display_name != NULL || c->language != NULL;
}

int
user_set(int argc, char **argv)
{
	struct users_change change = { .mail = NULL };
	bool no_mail = false;
	const struct command_option options[] = {
		{ "mail", .value = &change.mail },
		{ "verified", .flag = &change.verified },
		{ "no-mail", .flag = &no_mail },
		{ "display-name", .value = &change.display_name },
		{ "language", .value = &change.language },
		{ NULL }
	};
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2 ||
	    !is_change(&change, no_mail))
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = user_mail(change.mail, &why);
	if (no_mail)
		change.mail = "";
	if (e == ERR_OK)
		e = user_explain(
			users_set(d.db, str_of(argv[1]), &change, str_of(d.actor), &why),
			&why);
	return user_changed(&d, e == ERR_NOT_FOUND ? ERR_OK : e, e != ERR_NOT_FOUND, 0,
			    argv[1], SESSION_END_NONE, &why);
}
