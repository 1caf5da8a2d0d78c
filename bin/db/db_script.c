/*
 * doorward db script: the schema as one SQL text, and a first user, for hosts whose
 * database can only be reached by a web page.
 */
#include <stdio.h>

#include "base/buf.h"
#include "bin/db/database.h"
#include "bin/password.h"
#include "db/migrate.h"

#define OUT_MAX ((size_t)8 * 1024 * 1024)
#define ROLES_MAX 64

struct first_user {
	const char *name;
	const char *roles[ROLES_MAX];
	size_t n_roles;
	bool from_stdin;
};

/* A string constant of standard SQL: only the quote is doubled. */
static bool
put_literal(struct buf *out, struct str s)
{
	if (str_has_control(s) || !str_is_utf8(s))
		return false;
	buf_addc(out, '\'');
	for (size_t i = 0; i < s.n; i++)
		buf_addz(out, s.p[i] == '\'' ? "''" : (char[2]){ s.p[i], '\0' });
	return buf_addc(out, '\'');
}

static enum err
put_user(struct buf *out, const struct first_user *u, struct str hash, struct why *why)
{
	bool good;

	buf_addz(out, "\nset standard_conforming_strings = on;\n"
		      "select doorward.user_add(");
	good = put_literal(out, str_of(u->name));
	buf_addz(out, ", array[");
	for (size_t i = 0; good && i < u->n_roles; i++) {
		buf_addz(out, i == 0 ? "" : ", ");
		good = put_literal(out, str_of(u->roles[i]));
	}
	buf_addz(out, "]::text[], ");
	good = good && put_literal(out, hash);
	buf_addz(out, ", 'operator:script');\n");
	return good ? ERR_OK
		    : why_set(why, ERR_SYNTAX,
			      "the name or a role has bytes that none has");
}

static enum err
write_script(struct buf *out, const struct first_user *u, struct why *why)
{
	char hash[PASSWORD_HASH_SIZE] = "";
	struct config c;
	enum err e = migrate_script(out);

	if (e != ERR_OK || u->name == NULL)
		return e;
	if (!command_config(&c))
		return why_set(why, ERR_NOT_FOUND,
			       "the settings say how costly a hash is to be");
	e = password_ask_hash(&c, str_of(u->name), u->from_stdin, hash, why);
	if (e == ERR_OK)
		e = put_user(out, u, str_of(hash), why);
	config_done(&c);
	return e;
}

int
db_script(int argc, char **argv)
{
	struct first_user u = { NULL };
	const struct command_option options[] = {
		{ "user", .value = &u.name },
		{ "role", .values = u.roles, .n = &u.n_roles, .max = ROLES_MAX },
		{ "password-stdin", .flag = &u.from_stdin },
		{ NULL }
	};
	struct why why = { "" };
	struct buf out;
	enum err e;
	int result = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1 ||
	    (u.name == NULL && (u.n_roles > 0 || u.from_stdin)))
		return COMMAND_MISUSED;
	buf_init(&out, OUT_MAX);
	e = write_script(&out, &u, &why);
	if (e != ERR_OK)
		result = database_result(e, &why);
	else if (command_write(buf_str(&out)))
		result = COMMAND_OK;
	buf_done(&out);
	return result;
}
