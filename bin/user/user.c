/*
 * doorward user: the users.
 */
#include <stdio.h>
#include <string.h>

#include "bin/db/database.h"
#include "bin/password.h"
#include "bin/user/user.h"
#include "store/users.h"
#include "json/json.h"

#define ROLES_MAX 64

struct roles {
	const char *text[ROLES_MAX];
	struct str words[ROLES_MAX];
	size_t n;
};

static const struct str *
roles_words(struct roles *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->words[i] = str_of(r->text[i]);
	return r->words;
}

/*
 * Before anybody types a password: is the name one that can be added, or changed?
 * ERR_EXISTS or ERR_NOT_FOUND when it is not.
 */
static enum err
look_for(struct database *d, const char *name, bool wanted, struct why *why)
{
	struct db_rows *rows = NULL;
	enum err e;

	if (name[0] == '\0') /* it would list them all */
		return why_set(why, ERR_SYNTAX, "a name has one character or more");
	e = users_list(d->db, str_of(name), &rows, why);
	if (e == ERR_OK && wanted && db_count(rows) == 0)
		e = why_set(why, ERR_NOT_FOUND,
			    "there is no user %s; `doorward user list` shows them all",
			    name);
	else if (e == ERR_OK && !wanted && db_count(rows) > 0)
		e = why_set(why, ERR_EXISTS,
			    "there is a user %s already; `doorward user passwd` changes "
			    "the password",
			    name);
	db_rows_free(rows);
	return e;
}

/* ---- add, passwd ---- */

static int
add(int argc, char **argv)
{
	bool from_stdin = false, none = false, verified = false;
	const char *mail = NULL;
	struct roles roles = { .n = 0 };
	const struct command_option options[] = {
		{ "role", .values = roles.text, .n = &roles.n, .max = ROLES_MAX },
		{ "mail", .value = &mail },
		{ "verified", .flag = &verified },
		{ "password-stdin", .flag = &from_stdin },
		{ "no-password", .flag = &none },
		{ NULL }
	};
	char hash[PASSWORD_HASH_SIZE] = "", id[UUID_SIZE] = "";
	struct users_new user = { .n_roles = 0 };
	struct why why = { "" };
	struct database d;
	enum err e = ERR_OK;

	if (!command_options(&argc, argv, options) || argc != 2 || (none && from_stdin) ||
	    (verified && mail == NULL))
		return COMMAND_MISUSED;
	if (!user_roles_are_good(roles.text, roles.n))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = user_mail(mail, &why);
	if (e == ERR_OK)
		e = look_for(&d, argv[1], false, &why);
	if (e == ERR_OK && !none)
		e = password_ask_hash(&d.config, str_of(argv[1]), from_stdin, hash, &why);
	user = (struct users_new){ .name = str_of(argv[1]),
				   .roles = roles_words(&roles),
				   .n_roles = roles.n,
				   .hash = str_of(hash),
				   .mail = str_of(mail),
				   .verified = verified };
	if (e == ERR_OK)
		e = user_explain(users_add(d.db, &user, str_of(d.actor), id, &why), &why);
	database_close(&d);
	if (e == ERR_OK)
		printf("%s\n", id);
	return database_result(e, &why);
}

static int
passwd(int argc, char **argv)
{
	bool from_stdin = false, found = false;
	const struct command_option options[] = {
		{ "password-stdin", .flag = &from_stdin }, { NULL }
	};
	char hash[PASSWORD_HASH_SIZE] = "";
	struct why why = { "" };
	struct database d;
	int64_t ended = 0;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = look_for(&d, argv[1], true, &why);
	if (e == ERR_OK)
		e = password_ask_hash(&d.config, str_of(argv[1]), from_stdin, hash, &why);
	if (e == ERR_OK)
		e = users_password(d.db, str_of(argv[1]), str_of(hash), str_of(d.actor),
				   &found, &ended, &why);
	return user_changed(&d, e, found, ended, argv[1], SESSION_END_PASSWORD, &why);
}

/* ---- disable, enable, unlock, end, role ---- */

static int
set_disabled(int argc, char **argv, bool disabled)
{
	struct why why = { "" };
	struct database d;
	bool found = false, last;
	int64_t ended = 0;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	last = disabled && user_is_last_admin(&d, argv[1]);
	e = users_disable(d.db, str_of(argv[1]), disabled, str_of(d.actor), &found,
			  &ended, &why);
	return user_warn_last_admin(
		last, argv[1],
		user_changed(&d, e, found, ended, argv[1], SESSION_END_DISABLED, &why));
}

static int
disable(int argc, char **argv)
{
	return set_disabled(argc, argv, true);
}

static int
enable(int argc, char **argv)
{
	return set_disabled(argc, argv, false);
}

static int
unlock(int argc, char **argv)
{
	struct why why = { "" };
	struct database d;
	bool found = false;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = users_unlock(d.db, str_of(argv[1]), str_of(d.actor), &found, &why);
	return user_changed(&d, e, found, 0, argv[1], SESSION_END_NONE, &why);
}

static bool
takes_admin_away(const struct roles *less)
{
	for (size_t i = 0; i < less->n; i++)
		if (strcmp(less->text[i], "doorward-admin") == 0)
			return true;
	return false;
}

static int
role(int argc, char **argv)
{
	struct roles more = { .n = 0 }, less = { .n = 0 };
	const struct command_option options[] = {
		{ "add", .values = more.text, .n = &more.n, .max = ROLES_MAX },
		{ "remove", .values = less.text, .n = &less.n, .max = ROLES_MAX },
		{ NULL }
	};
	struct why why = { "" };
	struct database d;
	bool found = false, last;
	int64_t renewed = 0;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2 || more.n + less.n == 0)
		return COMMAND_MISUSED;
	if (!user_roles_are_good(more.text, more.n) ||
	    !user_roles_are_good(less.text, less.n))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	last = takes_admin_away(&less) && user_is_last_admin(&d, argv[1]);
	e = users_roles(d.db, str_of(argv[1]), roles_words(&more), more.n,
			roles_words(&less), less.n, str_of(d.actor), &found, &renewed,
			&why);
	e = user_explain(e, &why);
	return user_warn_last_admin(
		last, argv[1],
		user_changed(&d, e, found, renewed, argv[1], SESSION_END_CHANGED, &why));
}

/* ---- list ---- */

static void
put_number_or_null(struct buf *out, const char *name, const struct db_rows *rows,
		   size_t row, int column)
{
	json_put_name(out, name);
	if (db_is_null(rows, row, column))
		json_put_null(out);
	else
		json_put_int(out, db_int(rows, row, column));
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str roles = db_str(rows, i, 2);

		json_put_open(out, '{');
		json_put_member(out, "id", db_str(rows, i, 0));
		json_put_member(out, "name", db_str(rows, i, 1));
		json_put_name(out, "roles");
		json_put_open(out, '[');
		while (roles.n > 0)
			json_put_str(out, str_cut(&roles, ' '));
		json_put_close(out, ']');
		json_put_member_bool(out, "disabled", db_bool(rows, i, 3));
		json_put_member_bool(out, "has_password", db_bool(rows, i, 4));
		put_number_or_null(out, "created_at", rows, i, 5);
		put_number_or_null(out, "last_login_at", rows, i, 6);
		if (!db_is_null(rows, i, 7)) {
			json_put_member(out, "address", db_str(rows, i, 7));
			json_put_member_bool(out, "address_verified",
					     db_bool(rows, i, 8));
		}
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(out, "NAME                     STATE     LAST LOGIN (UTC)  ROLES");
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_addf(out, "%-24.*s %-9s ", STR_ARG(db_str(rows, i, 1)),
			 db_bool(rows, i, 3)   ? "disabled"
			 : db_bool(rows, i, 4) ? "enabled"
					       : "no passwd");
		buf_addf(out, "%-16.*s  %.*s\n", STR_ARG(database_time(rows, i, 6, text)),
			 STR_ARG(db_str(rows, i, 2)));
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
	size_t n;
	int result;
	enum err e;

	if (!command_options(&argc, argv, options) || argc > 2)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = users_list(d.db, str_of(argc == 2 ? argv[1] : NULL), &rows, &why);
	n = rows == NULL ? 0 : db_count(rows);
	result = database_show(&d, e, &why, &rows, json ? put_json : put_text);
	if (result == COMMAND_OK && argc == 2 && n == 0)
		return command_no(
			"there is no user %s; `doorward user list` shows them all",
			argv[1]);
	return result;
}

int
user_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "add", add },
		{ "passwd", passwd },
		{ "disable", disable },
		{ "enable", enable },
		{ "unlock", unlock },
		{ "role", role },
		{ "list", list },
		{ "show", user_show },
		{ "set", user_set },
		{ "invite", user_invite },
		{ "import", user_import },
		{ "export", user_export },
		{ "factor", user_factor },
		{ "rename", user_rename },
		{ "delete", user_delete },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
