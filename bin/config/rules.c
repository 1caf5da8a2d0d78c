/*
 * doorward rules: which rule of the gate decides about a request, and how; and the
 * words of a rule.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "bin/db/database.h"
#include "bin/who.h"
#include "ruleset/ruleset.h"
#include "store/users.h"
#include "json/json.h"

#define OUT_MAX 65536

/* The question: a request, and who sends it. */
struct asking {
	const char *user, *roles, *login_age, *acr, *kind, *client, *scope;
	bool basic, json;
	struct database d; /* with --user: its rows hold the roles */
	struct db_rows *rows;
	struct str role[CLAIMS_ROLES]; /* what a token can hold */
	struct identity who;
	struct rules_question q;
};

static bool
add_roles(struct asking *a, struct str words, char separator)
{
	while (words.n > 0) {
		struct str role = str_cut(&words, separator);

		if (role.n == 0)
			continue;
		if (a->who.n_roles == CLAIMS_ROLES) {
			command_fail("more than %d roles", CLAIMS_ROLES);
			return false;
		}
		a->role[a->who.n_roles++] = role;
	}
	a->q.who = &a->who;
	return true;
}

/* Should another user ask? Then say who, and what to type. */
static bool
advise(const struct asking *a, const char *text)
{
	struct buf command, out;
	bool advised;

	buf_init(&command, 4096);
	buf_init(&out, 8192);
	buf_addf(&command, "rules explain %.*s %.*s --user %s", STR_ARG(a->q.method),
		 STR_ARG(a->q.path), a->user);
	advised = who_advise(&out, &a->d.config, text, buf_z(&command));
	if (advised)
		command_fail("%s", buf_z(&out));
	buf_done(&command);
	buf_done(&out);
	return advised;
}

/* The roles of the user in the database. */
static int
find_user(struct asking *a)
{
	struct why why = { "" };
	int result;
	enum err e;

	if (!database_open(&a->d, false))
		return COMMAND_FAILED;
	e = users_list(a->d.db, str_of(a->user), &a->rows, &why);
	if (e == ERR_DATABASE && advise(a, why.text))
		return COMMAND_FAILED;
	if ((result = database_result(e, &why)) != COMMAND_OK)
		return result;
	if (db_count(a->rows) != 1)
		return command_no(
			"there is no user %s; `doorward user list` shows them all",
			a->user);
	if (db_bool(a->rows, 0, 3))
		return command_no("%s is disabled and cannot sign in", a->user);
	return add_roles(a, db_str(a->rows, 0, 2), ' ') ? COMMAND_OK : COMMAND_FAILED;
}

static bool
read_kind(const char *name, enum identity_kind *kind)
{
	for (*kind = IDENTITY_CLIENT; *kind <= IDENTITY_LOGIN; ++*kind)
		if (strcmp(name, identity_kind_text(*kind)) == 0)
			return true;
	return false;
}

/* The kind of token that shows it. A login's, unless another is named. */
static bool
find_kind(struct asking *a)
{
	bool client = a->client != NULL || a->scope != NULL;

	a->who.kind = client     ? IDENTITY_CLIENT
		      : a->basic ? IDENTITY_PROGRAM
				 : IDENTITY_LOGIN;
	a->who.by_basic = a->basic;
	a->who.client = str_of(a->client);
	a->who.scope = str_of(a->scope);
	if (client || a->basic || a->kind != NULL)
		a->q.who = &a->who;
	if (a->kind != NULL && !read_kind(a->kind, &a->who.kind))
		return false;
	return (!client || a->who.kind == IDENTITY_CLIENT) &&
	       (!a->basic || a->who.kind == IDENTITY_PROGRAM);
}

static int
find_who(struct asking *a)
{
	enum acr acr = ACR_1FA;
	int64_t age = 0;

	if (clock_now(&a->q.now) != ERR_OK)
		return command_fail("the clock cannot be right");
	if (a->login_age != NULL && !str_to_int(str_of(a->login_age), 0, INT32_MAX, &age))
		return command_fail("--login-age wants seconds");
	if (a->acr != NULL && (acr = acr_find(str_of(a->acr))) == ACR_NONE)
		return command_fail("--acr is 1fa, 2fa or phr");
	ruleset_login(&a->who, a->role, 0, acr, a->q.now - age);
	if (!find_kind(a))
		return command_fail("--kind is login, program, client or foreign; "
				    "--client and --scope are of clients, --basic of "
				    "programs");
	if (a->user != NULL)
		return find_user(a);
	if (a->roles != NULL && !add_roles(a, str_of(a->roles), ','))
		return COMMAND_FAILED;
	return COMMAND_OK;
}

static void
put_text(struct buf *out, const struct asking *a, const struct rules_verdict *v)
{
	buf_addz(out, "path     ");
	buf_add(out, a->q.path);
	buf_addf(out, "\nrule     %s\n",
		 v->rule == NULL ? "none names this path: signed-in" : v->rule->text);
	if (v->rule != NULL)
		buf_addf(out, "from     %s\n", v->rule->where);
	buf_addf(out, "answer   %s%s\n", rules_answer_text(v->answer),
		 v->open ? ", and without a login" : "");
}

static void
put_json(struct buf *out, const struct asking *a, const struct rules_verdict *v)
{
	json_put_open(out, '{');
	json_put_member(out, "path", a->q.path);
	if (v->rule != NULL) {
		json_put_member(out, "rule", str_of(v->rule->text));
		json_put_member(out, "from", str_of(v->rule->where));
	}
	json_put_member_bool(out, "allowed", v->answer == RULES_ALLOW);
	json_put_member_bool(out, "open", v->open);
	json_put_member(out, "answer", str_of(rules_answer_text(v->answer)));
	json_put_close(out, '}');
	buf_addc(out, '\n');
}

static int
decide(struct asking *a, const struct config *c)
{
	struct rules_verdict v;
	struct why why = { "" };
	struct rules rules;
	struct buf out;
	int result = COMMAND_FAILED;

	buf_init(&out, OUT_MAX);
	if (ruleset_read(c, &rules, &why) != ERR_OK) {
		command_fail("%s; until then everything is refused", why.text);
		goto out;
	}
	rules_decide(&rules, NULL, &a->q, &v);
	(a->json ? put_json : put_text)(&out, a, &v);
	if (command_write(buf_str(&out)))
		result = v.answer == RULES_ALLOW ? COMMAND_OK : COMMAND_NO;
out:
	rules_done(&rules);
	buf_done(&out);
	return result;
}

static int
explain(int argc, char **argv)
{
	struct asking a = { NULL };
	const struct command_option options[] = { { "user", .value = &a.user },
						  { "roles", .value = &a.roles },
						  { "login-age", .value = &a.login_age },
						  { "acr", .value = &a.acr },
						  { "kind", .value = &a.kind },
						  { "client", .value = &a.client },
						  { "scope", .value = &a.scope },
						  { "basic", .flag = &a.basic },
						  { "json", .flag = &a.json },
						  { NULL } };
	const char *reason;
	struct config c;
	struct buf path;
	int result = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 3 ||
	    (a.user != NULL && a.roles != NULL))
		return COMMAND_MISUSED;
	buf_init(&path, PATH_MAX_BYTES);
	if (!path_canonical(str_of(argv[2]), &path, &reason)) {
		buf_done(&path);
		return command_no("%s is refused before any rule is asked: %s", argv[2],
				  reason);
	}
	a.q.method = str_of(argv[1]);
	a.q.path = buf_str(&path);
	if (command_config(&c)) {
		if ((result = find_who(&a)) == COMMAND_OK)
			result = decide(&a, &c);
		config_done(&c);
	}
	if (a.user != NULL) {
		db_rows_free(a.rows);
		database_close(&a.d);
	}
	buf_done(&path);
	return result;
}

/* The table that reads rules, for people and for the manual. */
static int
words(int argc, char **argv)
{
	bool mdoc = false;
	const struct command_option options[] = { { "mdoc", .flag = &mdoc }, { NULL } };
	struct buf out;
	int result;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&out, OUT_MAX);
	for (const struct rule_word *w = rule_words; w->word != NULL; w++)
		if (mdoc)
			buf_addf(&out, ".It Cm %s%s%s\n%s%s\n", w->word,
				 w->takes[0] == '\0' ? "" : " Ar ", w->takes, w->means,
				 w[1].word == NULL ? "." : ";");
		else
			buf_addf(&out, "%-12s %-14s %s\n", w->word, w->takes, w->means);
	result = command_write(buf_str(&out)) ? COMMAND_OK : COMMAND_FAILED;
	buf_done(&out);
	return result;
}

int
rules_command(int argc, char **argv)
{
	static const struct command_action actions[] = { { "explain", explain },
							 { "words", words },
							 { NULL } };

	return command_dispatch(argc, argv, actions);
}
