/*
 * doorward db script: the schema as one SQL text, for hosts whose database can only be
 * reached by a web page. With it goes a link for the first admin, or a first user.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "bin/db/database.h"
#include "bin/db/setup_link.h"
#include "bin/password.h"
#include "db/migrate.h"

#define OUT_MAX ((size_t)8 * 1024 * 1024)
#define LAST_MAX 65536
#define URL_MAX 4096
#define ROLES_MAX 64

struct script {
	const char *from_text; /* NULL: for a new database */
	int64_t from;
	bool setup_link;
	const char *user; /* NULL: none */
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
put_user(struct buf *out, const struct script *s, struct str hash, struct why *why)
{
	bool good;

	buf_addz(out, "\nset local standard_conforming_strings = on;\n"
		      "select doorward.user_add(");
	good = put_literal(out, str_of(s->user));
	buf_addz(out, ", array[");
	for (size_t i = 0; good && i < s->n_roles; i++) {
		buf_addz(out, i == 0 ? "" : ", ");
		good = put_literal(out, str_of(s->roles[i]));
	}
	buf_addz(out, "]::text[], ");
	good = good && put_literal(out, hash);
	buf_addz(out, ", 'operator:script');\n");
	return good ? ERR_OK
		    : why_set(why, ERR_SYNTAX,
			      "the name or a role has bytes that none has");
}

/* Only the hash of the link goes into the text. */
static enum err
put_setup_link(struct buf *out, const struct config *c, struct buf *url, struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	enum err e = setup_link_new(c, url, hash, why);

	if (e != ERR_OK)
		return e;
	buf_addz(out, "\ndo $$ begin if doorward.link_setup(decode('");
	text_add_hex(out, (struct str){ (char *)hash, sizeof(hash) });
	buf_addz(out, "', 'hex'), 'operator:script') is null then\n"
		      "  raise exception 'nothing was changed: there are users already, "
		      "and the "
		      "link is for the first one';\n"
		      " end if; end $$;\n");
	return ERR_OK;
}

/* What stands at the end of the transaction. */
static enum err
put_last(struct buf *last, const struct script *s, struct buf *url, struct why *why)
{
	char hash[PASSWORD_HASH_SIZE] = "";
	struct config c;
	enum err e = ERR_OK;

	if (!s->setup_link && s->user == NULL)
		return ERR_OK;
	if (!command_config(&c))
		return why_set(why, ERR_NOT_FOUND, "the settings are needed for that");
	if (s->setup_link)
		e = put_setup_link(last, &c, url, why);
	if (e == ERR_OK && s->user != NULL)
		e = password_ask_hash(&c, str_of(s->user), s->from_stdin, hash, why);
	if (e == ERR_OK && s->user != NULL)
		e = put_user(last, s, str_of(hash), why);
	config_done(&c);
	return e;
}

/* Written as a whole, or not at all. The link goes to standard error. */
static int
run(const struct script *s)
{
	struct buf out, last, url;
	struct why why = { "" };
	int result = COMMAND_FAILED;
	enum err e;

	buf_init(&out, OUT_MAX);
	buf_init(&last, LAST_MAX);
	buf_init(&url, URL_MAX);
	e = put_last(&last, s, &url, &why);
	if (e == ERR_OK && last.failed)
		e = why_set(&why, ERR_LIMIT, "more roles than fit");
	if (e == ERR_OK)
		e = migrate_script(&out, (int)s->from, buf_str(&last));
	if (e == ERR_SYNTAX && why.text[0] == '\0')
		why_set(&why, e, "--from %s: no migration has this number", s->from_text);
	if (e != ERR_OK)
		result = database_result(e, &why);
	else if (command_write(buf_str(&out)))
		result = COMMAND_OK;
	if (result == COMMAND_OK && s->setup_link)
		fprintf(stderr, "%s\n", buf_z(&url));
	buf_done(&out);
	buf_done(&last);
	buf_done(&url);
	return result;
}

int
db_script(int argc, char **argv)
{
	struct script s = { NULL };
	const struct command_option options[] = {
		{ "from", .value = &s.from_text },
		{ "setup-link", .flag = &s.setup_link },
		{ "user", .value = &s.user },
		{ "role", .values = s.roles, .n = &s.n_roles, .max = ROLES_MAX },
		{ "password-stdin", .flag = &s.from_stdin },
		{ NULL }
	};

	if (!command_options(&argc, argv, options) || argc != 1 ||
	    (s.user == NULL && (s.n_roles > 0 || s.from_stdin)))
		return COMMAND_MISUSED;
	if (s.setup_link && s.user != NULL)
		return command_fail(
			"--setup-link makes the first user, so it does not go "
			"with --user");
	if (s.from_text != NULL &&
	    !str_to_int(str_of(s.from_text), 1, embedded_schema.number, &s.from))
		return command_fail(
			"--from %s: the number of the newest migration of the "
			"database is wanted, from 1 to %d; `select max(number) "
			"from doorward.schema_migrations` says it there",
			s.from_text, embedded_schema.number);
	return run(&s);
}
