/* doorward client list: all clients as a table, or all that is known of one. */
#include <stdio.h>

#include "bin/client/client.h"
#include "json/json.h"

/* ---- JSON ---- */

static void
put_list(struct buf *out, const char *name, struct str list, char separator)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	while (list.n > 0)
		json_put_str(out, str_cut(&list, separator));
	json_put_close(out, ']');
}

static void
put_client(struct buf *out, const struct db_rows *rows, size_t i)
{
	json_put_open(out, '{');
	json_put_member(out, "id", db_str(rows, i, CLIENTS_ID));
	json_put_member(out, "name", db_str(rows, i, CLIENTS_NAME));
	put_list(out, "redirects", db_str(rows, i, CLIENTS_REDIRECTS), '\n');
	put_list(out, "logouts", db_str(rows, i, CLIENTS_LOGOUTS), '\n');
	json_put_member(out, "method", db_str(rows, i, CLIENTS_METHOD));
	put_list(out, "scopes", db_str(rows, i, CLIENTS_SCOPES), ' ');
	if (!db_is_null(rows, i, CLIENTS_AUDIENCE))
		json_put_member(out, "audience", db_str(rows, i, CLIENTS_AUDIENCE));
	put_list(out, "roles", db_str(rows, i, CLIENTS_ROLES), ' ');
	put_list(out, "groups", db_str(rows, i, CLIENTS_GROUPS), ' ');
	json_put_member(out, "consent", db_str(rows, i, CLIENTS_CONSENT));
	json_put_member_bool(out, "pkce", db_bool(rows, i, CLIENTS_PKCE));
	json_put_member(out, "alg", db_str(rows, i, CLIENTS_ALG));
	json_put_member_bool(out, "id_token_claims",
			     db_bool(rows, i, CLIENTS_ID_TOKEN_CLAIMS));
	json_put_member_int(out, "secrets", db_int(rows, i, CLIENTS_SECRETS));
	if (!db_is_null(rows, i, CLIENTS_SECRET_ENDS_AT))
		json_put_member_int(out, "secret_ends_at",
				    db_int(rows, i, CLIENTS_SECRET_ENDS_AT));
	json_put_member_int(out, "grants", db_int(rows, i, CLIENTS_GRANTS));
	json_put_member_int(out, "people", db_int(rows, i, CLIENTS_PEOPLE));
	json_put_member_int(out, "created_at", db_int(rows, i, CLIENTS_CREATED_AT));
	json_put_member_int(out, "changed_at", db_int(rows, i, CLIENTS_CHANGED_AT));
	json_put_close(out, '}');
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++)
		put_client(out, rows, i);
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_json_of_one(struct buf *out, const struct db_rows *rows)
{
	if (db_count(rows) == 0)
		return;
	put_client(out, rows, 0);
	buf_addc(out, '\n');
}

/* ---- for people ---- */

static void
put_table(struct buf *out, const struct db_rows *rows)
{
	command_header(out, "ID                   METHOD               CONSENT   PEOPLE  "
			    "SCOPES                                      NAME");
	for (size_t i = 0; i < db_count(rows); i++)
		buf_addf(out, "%-20.*s %-20.*s %-9.*s %6lld  %-43.*s %.*s\n",
			 STR_ARG(db_str(rows, i, CLIENTS_ID)),
			 STR_ARG(db_str(rows, i, CLIENTS_METHOD)),
			 STR_ARG(db_str(rows, i, CLIENTS_CONSENT)),
			 (long long)db_int(rows, i, CLIENTS_PEOPLE),
			 STR_ARG(db_str(rows, i, CLIENTS_SCOPES)),
			 STR_ARG(db_str(rows, i, CLIENTS_NAME)));
}

static void
put_line(struct buf *out, const char *label, struct str value)
{
	buf_addf(out, "%-16s %.*s\n", label, STR_ARG(value));
}

static void
put_lines(struct buf *out, const char *label, struct str lines)
{
	while (lines.n > 0)
		put_line(out, label, str_cut(&lines, '\n'));
}

/* The words, or what an empty list means. */
static void
put_words(struct buf *out, const char *label, struct str words, const char *none)
{
	put_line(out, label, words.n > 0 ? words : str_of(none));
}

static void
put_secrets(struct buf *out, const struct db_rows *rows)
{
	int64_t n = db_int(rows, 0, CLIENTS_SECRETS);
	char text[32];

	if (n == 0)
		put_line(out, "secrets", STR("none"));
	else if (db_is_null(rows, 0, CLIENTS_SECRET_ENDS_AT))
		buf_addf(out, "%-16s %lld\n", "secrets", (long long)n);
	else
		buf_addf(out, "%-16s %lld, the older one until %.*s UTC\n", "secrets",
			 (long long)n,
			 STR_ARG(database_time(rows, 0, CLIENTS_SECRET_ENDS_AT, text)));
}

static void
put_times(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	buf_addf(out, "%-16s %.*s UTC\n", "added",
		 STR_ARG(database_time(rows, 0, CLIENTS_CREATED_AT, text)));
	buf_addf(out, "%-16s %.*s UTC\n", "changed",
		 STR_ARG(database_time(rows, 0, CLIENTS_CHANGED_AT, text)));
}

static void
put_one(struct buf *out, const struct db_rows *rows)
{
	int64_t grants, people;

	if (db_count(rows) == 0)
		return;
	grants = db_int(rows, 0, CLIENTS_GRANTS);
	people = db_int(rows, 0, CLIENTS_PEOPLE);
	put_line(out, "client_id", db_str(rows, 0, CLIENTS_ID));
	put_line(out, "name", db_str(rows, 0, CLIENTS_NAME));
	put_lines(out, "redirect", db_str(rows, 0, CLIENTS_REDIRECTS));
	put_lines(out, "logout", db_str(rows, 0, CLIENTS_LOGOUTS));
	put_line(out, "method", db_str(rows, 0, CLIENTS_METHOD));
	put_secrets(out, rows);
	put_line(out, "scope", db_str(rows, 0, CLIENTS_SCOPES));
	put_words(out, "audience", db_str(rows, 0, CLIENTS_AUDIENCE), "this site");
	put_words(out, "role", db_str(rows, 0, CLIENTS_ROLES), "(everybody)");
	put_words(out, "group", db_str(rows, 0, CLIENTS_GROUPS),
		  db_str(rows, 0, CLIENTS_ROLES).n > 0 ? "(as role)" : "(all)");
	put_line(out, "consent", db_str(rows, 0, CLIENTS_CONSENT));
	put_line(out, "pkce",
		 str_of(db_bool(rows, 0, CLIENTS_PKCE) ? "required" : "optional"));
	put_line(out, "alg", db_str(rows, 0, CLIENTS_ALG));
	put_line(out, "id-token-claims",
		 str_of(db_bool(rows, 0, CLIENTS_ID_TOKEN_CLAIMS) ? "yes" : "no"));
	buf_addf(out, "%-16s %lld, of %lld user%s\n", "grants", (long long)grants,
		 (long long)people, command_plural(people));
	put_times(out, rows);
}

int
client_list(int argc, char **argv)
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
	if (argc == 1) {
		e = clients_list(d.db, STR(""), &rows, &why);
		return database_show(&d, e, &why, &rows, json ? put_json : put_table);
	}
	e = clients_list(d.db, str_of(argv[1]), &rows, &why);
	n = rows == NULL || argv[1][0] == '\0' ? 0 : db_count(rows);
	if (n == 0)
		db_rows_free(rows), rows = NULL;
	result = database_show(&d, e, &why, &rows, json ? put_json_of_one : put_one);
	if (result == COMMAND_OK && n == 0)
		return command_no(
			"there is no client %s; `doorward client list` shows them all",
			argv[1]);
	return result;
}
