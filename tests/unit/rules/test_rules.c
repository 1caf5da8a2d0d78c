#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rules/rules.h"

static const struct identity anybody = { .kind = IDENTITY_LOGIN };

static void
read_rules(struct rules *rs, const char *const *text)
{
	struct why why = { "" };
	char where[32];

	rules_init(rs);
	for (size_t i = 0; text[i] != NULL; i++) {
		snprintf(where, sizeof(where), "test:%zu", i + 1);
		if (rules_add(rs, str_of(text[i]), where, &why) != ERR_OK)
			fail_msg("%s", why.text);
	}
	if (rules_sort(rs, &why) != ERR_OK)
		fail_msg("%s", why.text);
}

/* "-" is nobody; else the roles of someone signed in, separated by commas. */
static enum rules_answer
answer(const struct rules *rs, const char *method, const char *path, const char *who)
{
	struct str roles[8], rest = str_of(who);
	struct identity login = { .kind = IDENTITY_LOGIN,
				  .roles = roles,
				  .auth_time = 1000000 - 100 };
	struct rules_question q = { .path = str_of(path),
				    .method = str_of(method),
				    .now = 1000000 };
	struct rules_verdict v;

	q.who = strcmp(who, "-") != 0 ? &login : NULL;
	while (q.who != NULL && rest.n > 0)
		roles[login.n_roles++] = str_cut(&rest, ',');
	rules_decide(rs, NULL, &q, &v);
	return v.answer;
}

static const char *const site[] = {
	"/members signed-in",
	"/members/admin/ any-of admin,owner",
	"/members/admin/both all-of admin,owner",
	"/members/admin/mixed any-of a,b all-of c",
	"/members/logo.png open",
	"/members/fresh login-within 60s",
	"/members/fresher login-within 2m",
	"/wiki methods GET open",
	"/wiki any-of editor",
	"/box methods PUT,DELETE any-of editor",
	"/public/ open",
	"/closed refuse",
	"/my%20files any-of admin",
	NULL,
};

static void
the_longest_prefix_of_whole_segments_decides(void **state)
{
	static const struct {
		const char *method, *path, *who;
		enum rules_answer answer;
	} rows[] = {
		{ "GET", "/public", "-", RULES_ALLOW },
		{ "GET", "/public/", "-", RULES_ALLOW },
		{ "GET", "/public/a/b", "-", RULES_ALLOW },
		{ "GET", "/publicity", "-", RULES_SIGN_IN },
		{ "GET", "/publi", "-", RULES_SIGN_IN },
		{ "GET", "/", "-", RULES_SIGN_IN },
		{ "GET", "/", "x", RULES_ALLOW },
		{ "GET", "/other", "", RULES_ALLOW },
		{ "GET", "/members", "-", RULES_SIGN_IN },
		{ "GET", "/members/x", "", RULES_ALLOW },
		{ "GET", "/members/admin", "-", RULES_SIGN_IN },
		{ "GET", "/members/admin", "x", RULES_NOT_ENTITLED },
		{ "GET", "/members/admin/", "x", RULES_NOT_ENTITLED },
		{ "GET", "/members/admin/x/y", "x,owner", RULES_ALLOW },
		{ "GET", "/members/administration", "x", RULES_ALLOW },
		{ "GET", "/members/admin/both", "owner", RULES_NOT_ENTITLED },
		{ "GET", "/members/admin/both/", "admin,owner", RULES_ALLOW },
		{ "GET", "/members/admin/mixed", "a,b", RULES_NOT_ENTITLED },
		{ "GET", "/members/admin/mixed", "c", RULES_NOT_ENTITLED },
		{ "GET", "/members/admin/mixed", "b,c", RULES_ALLOW },
		{ "GET", "/members/logo.png", "-", RULES_ALLOW },
		{ "GET", "/members/logo.pn", "-", RULES_SIGN_IN },
		{ "GET", "/members/fresh", "-", RULES_SIGN_IN },
		{ "GET", "/members/fresh", "x", RULES_SIGN_IN_AGAIN },
		{ "GET", "/members/fresher", "x", RULES_ALLOW },
		{ "GET", "/closed/x", "admin,owner", RULES_REFUSED },
		{ "GET", "/my files/x", "x", RULES_NOT_ENTITLED },
		{ "GET", "/my files/x", "admin", RULES_ALLOW },
	};
	struct rules rs;

	(void)state;
	read_rules(&rs, site);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (answer(&rs, rows[i].method, rows[i].path, rows[i].who) !=
		    rows[i].answer)
			fail_msg("%s as %s: %s", rows[i].path, rows[i].who,
				 rules_answer_text(answer(&rs, rows[i].method,
							  rows[i].path, rows[i].who)));
	rules_done(&rs);
}

static void
the_rule_that_names_the_method_decides(void **state)
{
	struct rules rs;

	(void)state;
	read_rules(&rs, site);
	assert_int_equal(answer(&rs, "GET", "/wiki/x", "-"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "HEAD", "/wiki/x", "-"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "get", "/wiki/x", "-"), RULES_SIGN_IN);
	assert_int_equal(answer(&rs, "POST", "/wiki/x", "-"), RULES_SIGN_IN);
	assert_int_equal(answer(&rs, "POST", "/wiki/x", "x"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "POST", "/wiki/x", "editor"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "PUT", "/box/x", "editor"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/box/x", "editor"), RULES_METHOD);
	assert_int_equal(answer(&rs, "HEAD", "/box/x", "-"), RULES_METHOD);
	rules_done(&rs);
}

static void
another_case_opens_nothing(void **state)
{
	static const char *const both[] = { "/Docs any-of a", "/docs any-of b",
					    "/docs/P open", NULL };
	struct rules rs;

	(void)state;
	read_rules(&rs, site);
	assert_int_equal(answer(&rs, "GET", "/MEMBERS/admin/x", "x"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "GET", "/members/ADMIN/x", "x"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "GET", "/members/ADMIN/x", "admin"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/PUBLIC/x", "-"), RULES_SIGN_IN);
	assert_int_equal(answer(&rs, "GET", "/members/LOGO.png", "-"), RULES_SIGN_IN);
	assert_int_equal(answer(&rs, "GET", "/CLOSED", "x"), RULES_REFUSED);
	rules_done(&rs);
	read_rules(&rs, both);
	assert_int_equal(answer(&rs, "GET", "/Docs", "a"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/docs", "b"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/docs", "a"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "GET", "/DOCS", "a"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "GET", "/DOCS", "b"), RULES_NOT_ENTITLED);
	assert_int_equal(answer(&rs, "GET", "/DOCS", "a,b"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/docs/P", "-"), RULES_ALLOW);
	assert_int_equal(answer(&rs, "GET", "/docs/p", "-"), RULES_SIGN_IN);
	assert_int_equal(answer(&rs, "GET", "/docs/p", "b"), RULES_ALLOW);
	rules_done(&rs);
}

static void
a_clock_that_went_back_is_no_fresh_login(void **state)
{
	static const char *const text[] = { "/ login-within 1h", NULL };
	struct identity login = { .kind = IDENTITY_LOGIN, .auth_time = 5000 };
	struct rules_question q = {
		.path = STR("/"), .method = STR("GET"), .who = &login, .now = 4999
	};
	struct rules_verdict v;
	struct rules rs;

	(void)state;
	read_rules(&rs, text);
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_SIGN_IN_AGAIN);
	q.now = 5000 + 3600;
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_ALLOW);
	q.now++;
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_SIGN_IN_AGAIN);
	rules_done(&rs);
}

static void
an_extra_rule_only_asks_for_more(void **state)
{
	static const struct {
		const char *path, *extra, *who;
		enum rules_answer answer;
	} rows[] = {
		{ "/public/x", "signed-in", "-", RULES_SIGN_IN },
		{ "/public/x", "any-of vip", "x", RULES_NOT_ENTITLED },
		{ "/public/x", "any-of vip", "vip", RULES_ALLOW },
		{ "/members/admin", "any-of vip", "vip", RULES_NOT_ENTITLED },
		{ "/members/admin", "any-of vip", "vip,admin", RULES_ALLOW },
		{ "/closed", "any-of vip", "vip", RULES_REFUSED },
		{ "/none", "refuse", "vip", RULES_REFUSED },
	};
	struct rules rs;
	struct rule extra;

	(void)state;
	read_rules(&rs, site);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str role = str_of(rows[i].who);
		struct str roles[2] = { str_cut(&role, ','), role };
		struct identity login = { .kind = IDENTITY_LOGIN,
					  .roles = roles,
					  .n_roles = 2 };
		struct rules_question q = { .path = str_of(rows[i].path),
					    .method = STR("GET") };
		struct rules_verdict v;

		q.who = strcmp(rows[i].who, "-") != 0 ? &login : NULL;
		assert_int_equal(
			rule_parse_extra(str_of(rows[i].extra), "env", &extra, NULL),
			ERR_OK);
		rules_decide(&rs, &extra, &q, &v);
		assert_int_equal(v.answer, rows[i].answer);
		assert_false(v.open);
		rule_done(&extra);
	}
	assert_int_equal(rule_parse_extra(STR("open"), "env", &extra, NULL), ERR_SYNTAX);
	assert_int_equal(rule_parse_extra(STR(""), "env", &extra, NULL), ERR_SYNTAX);
	assert_int_equal(
		rule_parse_extra(STR("signed-in methods GET"), "env", &extra, NULL),
		ERR_SYNTAX);
	rules_done(&rs);
}

static void
says_which_rule_decided_and_whether_it_is_open_or_an_api(void **state)
{
	static const char *const text[] = { "/a open", "/api signed-in api", NULL };
	struct rules_question q = { .path = STR("/a/x"), .method = STR("GET") };
	struct rules_verdict v;
	struct rules rs;

	(void)state;
	read_rules(&rs, text);
	rules_decide(&rs, NULL, &q, &v);
	assert_true(v.open);
	assert_false(v.api);
	assert_string_equal(v.rule->where, "test:1");
	q.path = STR("/api/x");
	rules_decide(&rs, NULL, &q, &v);
	assert_false(v.open);
	assert_true(v.api);
	assert_string_equal(v.rule->text, "/api signed-in api");
	q.path = STR("/b");
	rules_decide(&rs, NULL, &q, &v);
	assert_null(v.rule);
	assert_false(v.open);
	rules_done(&rs);
}

static void
refuses_a_rule_it_does_not_understand(void **state)
{
	static const char *const bad[] = {
		"/a basic open",
		"/a refuse basic",
		"/a basic basic",
		"/a basic login-within 5m",
		"/a basic factor",
		"/a any-of x basic phr",
		"/a basic client app",
		"/a basic scope read",
		"",
		"signed-in",
		"members signed-in",
		"/members",
		"/members api",
		"/members methods GET",
		"/members sign-in",
		"/members SIGNED-IN",
		"/members\xc2\x9b signed-in",
		"/members any-of \xe2\x80\xae",
		"/members open signed-in",
		"/members open open",
		"/members open any-of a",
		"/members refuse login-within 5m",
		"/members any-of",
		"/members any-of a,",
		"/members any-of ,a",
		"/members any-of a,a",
		"/members any-of a any-of b",
		"/members any-of a b",
		"/members any-of \"a\"",
		"/members any-of a/b",
		"/members all-of",
		"/members methods get signed-in",
		"/members methods GET,GET signed-in",
		"/members methods signed-in",
		"/members login-within",
		"/members login-within 0",
		"/members login-within -5m",
		"/members login-within 5w",
		"/members login-within 5m30s",
		"/members login-within 99999999999999999999s",
		"/members login-within m",
		"/members login-within 1m login-within 2m",
		"/members signed-in api api",
		"/members scope",
		"/members scope a,a",
		"/members scope \"a\"",
		"/members scope a scope b",
		"/members client",
		"/members client a client b",
		"/members client doorward",
		"/members client doorward-program",
		"/members open scope a",
		"/members refuse client a",
		"/members scope a login-within 5m",
		"/members scope a factor",
		"/members client a phr",
		"/members signed-in client a factor",
		"/members open factor",
		"/members refuse phr",
		"/members factor factor",
		"/members phr factor phr",
		"/members factor 2fa",
		"/members Factor",
		"/members methods GET open phr",
		"/members signed-in # why",
		"/members/* signed-in",
		"/members? signed-in",
		"/members//x signed-in",
		"/members/../x signed-in",
		"/members/%2e%2e/x signed-in",
		"/a%2fb signed-in",
		"/members. signed-in",
		"/memb\x01"
		"ers signed-in",
		"/members signed-in\x07",
		"/\xff signed-in",
	};
	struct rules rs;
	struct why why;

	(void)state;
	rules_init(&rs);
	for (size_t i = 0; i < COUNT(bad); i++) {
		why.text[0] = '\0';
		if (rules_add(&rs, str_of(bad[i]), "doorward.conf:7", &why) != ERR_SYNTAX)
			fail_msg("accepted %s", bad[i]);
		assert_non_null(strstr(why.text, "doorward.conf:7: "));
	}
	assert_int_equal(rs.n, 0);
	rules_done(&rs);
}

static void
an_unknown_word_is_answered_with_the_nearest_one(void **state)
{
	static const char *const rows[][2] = {
		{ "/a any-off x", "unknown; did you mean any-of?" },
		{ "/a sign-in", "unknown; did you mean signed-in?" },
		{ "/a scopes x", "unknown; did you mean scope?" },
		{ "/a xyzzy", "unknown" },
		{ "/a any-of", "not followed by what it needs" },
	};
	struct rules rs;
	struct why why;

	(void)state;
	rules_init(&rs);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(rules_add(&rs, str_of(rows[i][0]), "x", &why),
				 ERR_SYNTAX);
		if (strstr(why.text, rows[i][1]) == NULL)
			fail_msg("%s", why.text);
	}
	rules_done(&rs);
}

static void
every_word_of_the_table_is_read_and_explained(void **state)
{
	(void)state;
	for (const struct rule_word *w = rule_words; w->word != NULL; w++) {
		static const char *const values[][2] = { { "TIME", "5m" },
							 { "METHOD,METHOD", "GET" } };
		const char *value = w->takes[0] == '\0' ? "" : "x";
		char text[128];
		struct rule r;

		for (size_t i = 0; i < COUNT(values); i++)
			if (strcmp(w->takes, values[i][0]) == 0)
				value = values[i][1];
		snprintf(text, sizeof(text), "/a %s %s%s", w->word, value,
			 strcmp(w->word, "api") == 0 || strcmp(w->word, "methods") == 0
				 ? " signed-in"
				 : "");
		assert_int_equal(rule_parse(str_of(text), "x", &r, NULL), ERR_OK);
		assert_true(strlen(w->means) > 0 && strlen(w->means) < 80);
		rule_done(&r);
	}
}

/* What came by Basic is nobody where a rule, or the one of a .htaccess, knows no Basic. */
static void
basic_counts_only_where_each_rule_that_is_asked_says_so(void **state)
{
	static const char *const text[] = { "/dav basic",
					    "/dav/own any-of editor",
					    "/Dav/mixed basic",
					    "/staff any-of editor basic",
					    "/plain signed-in",
					    "/open open",
					    NULL };
	static const struct {
		const char *path;
		enum rules_answer by_basic, else_how;
	} asked[] = {
		{ "/dav/x", RULES_ALLOW, RULES_ALLOW },
		{ "/dav/own/x", RULES_SIGN_IN, RULES_NOT_ENTITLED },
		{ "/staff/x", RULES_NOT_ENTITLED, RULES_NOT_ENTITLED },
		{ "/plain/x", RULES_SIGN_IN, RULES_ALLOW },
		{ "/nowhere", RULES_SIGN_IN, RULES_ALLOW },
		{ "/open/x", RULES_ALLOW, RULES_ALLOW },
	};
	struct identity program = { .kind = IDENTITY_PROGRAM };
	struct rule without, with;
	struct rules_verdict v;
	struct rules rs;

	(void)state;
	read_rules(&rs, text);
	for (size_t i = 0; i < COUNT(asked); i++)
		for (int basic = 0; basic < 2; basic++) {
			struct rules_question q = { .path = str_of(asked[i].path),
						    .method = STR("PUT"),
						    .who = &program };

			program.by_basic = basic == 1;
			rules_decide(&rs, NULL, &q, &v);
			assert_int_equal(v.answer,
					 basic ? asked[i].by_basic : asked[i].else_how);
		}
	assert_int_equal(rule_parse_extra(STR("signed-in"), "x", &without, NULL), ERR_OK);
	assert_int_equal(rule_parse_extra(STR("basic"), "x", &with, NULL), ERR_OK);
	rules_decide(&rs, &without,
		     &(struct rules_question){ .path = STR("/dav/x"),
					       .method = STR("GET"),
					       .who = &program },
		     &v);
	assert_int_equal(v.answer, RULES_SIGN_IN);
	rules_decide(&rs, &with,
		     &(struct rules_question){ .path = STR("/dav/x"),
					       .method = STR("GET"),
					       .who = &program },
		     &v);
	assert_int_equal(v.answer, RULES_ALLOW);
	rule_done(&without);
	rule_done(&with);
	rules_done(&rs);
}

/* Each strength of a login, at each rule that asks for one. */
static void
a_login_opens_what_it_was_proved_for(void **state)
{
	enum {
		YES = RULES_ALLOW,
		OLD = RULES_SIGN_IN_AGAIN,
		FACTOR = RULES_WANTS_FACTOR,
		PHR = RULES_WANTS_PHR
	};
	static const char *const classes[] = { "", "1fa", "2fa", "phr", "gold" };
	static const struct {
		const char *rule;
		int64_t age;
		int answer[COUNT(classes)];
	} rows[] = {
		{ "/a signed-in", 0, { YES, YES, YES, YES, YES } },
		{ "/a factor", 0, { FACTOR, FACTOR, YES, YES, FACTOR } },
		{ "/a signed-in factor", 0, { FACTOR, FACTOR, YES, YES, FACTOR } },
		{ "/a phr", 0, { PHR, PHR, PHR, YES, PHR } },
		{ "/a factor phr", 0, { PHR, PHR, PHR, YES, PHR } },
		{ "/a phr factor", 0, { PHR, PHR, PHR, YES, PHR } },
		{ "/a factor login-within 60s",
		  60,
		  { FACTOR, FACTOR, YES, YES, FACTOR } },
		{ "/a factor login-within 60s", 61, { OLD, OLD, OLD, OLD, OLD } },
		{ "/a phr login-within 60s", 61, { OLD, OLD, OLD, OLD, OLD } },
		{ "/elsewhere phr", 0, { YES, YES, YES, YES, YES } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *const text[] = { rows[i].rule, NULL };
		struct rules rs;

		read_rules(&rs, text);
		for (size_t k = 0; k < COUNT(classes); k++) {
			struct identity who = { .kind = IDENTITY_LOGIN,
						.acr = str_of(classes[k]),
						.auth_time = 1000 - rows[i].age };
			struct rules_question q = { .path = STR("/a"),
						    .method = STR("GET"),
						    .who = &who,
						    .now = 1000 };
			struct rules_verdict v;

			rules_decide(&rs, NULL, &q, &v);
			if ((int)v.answer != rows[i].answer[k])
				fail_msg("%s, %s: %s", rows[i].rule, classes[k],
					 rules_answer_text(v.answer));
		}
		rules_done(&rs);
	}
}

static void
an_extra_rule_may_ask_for_a_stronger_login(void **state)
{
	static const char *const text[] = { "/a factor", "/b signed-in", NULL };
	struct identity who = { .kind = IDENTITY_LOGIN, .acr = STR("2fa") };
	struct rules_question q = { .path = STR("/a"),
				    .method = STR("GET"),
				    .who = &who };
	struct rules_verdict v;
	struct rules rs;
	struct rule extra;

	(void)state;
	read_rules(&rs, text);
	assert_int_equal(rule_parse_extra(STR("phr"), "env", &extra, NULL), ERR_OK);
	rules_decide(&rs, &extra, &q, &v);
	assert_int_equal(v.answer, RULES_WANTS_PHR);
	assert_ptr_equal(v.rule, &extra);
	rule_done(&extra);
	assert_int_equal(rule_parse_extra(STR("factor"), "env", &extra, NULL), ERR_OK);
	rules_decide(&rs, &extra, &q, &v);
	assert_int_equal(v.answer, RULES_ALLOW);
	who.acr = STR("1fa");
	q.path = STR("/b");
	rules_decide(&rs, &extra, &q, &v);
	assert_int_equal(v.answer, RULES_WANTS_FACTOR);
	rule_done(&extra);
	rules_done(&rs);
}

/* Each kind of token at each word of a rule. */
static void
each_kind_of_token_opens_what_is_for_it(void **state)
{
	enum {
		NO = RULES_OTHER_TOKEN,
		YES = RULES_ALLOW,
		ROLE = RULES_NOT_ENTITLED,
		LOGIN = RULES_SIGN_IN_AGAIN,
		FACTOR = RULES_WANTS_FACTOR,
		PHR = RULES_WANTS_PHR
	};
	static const struct str editor[] = { { "editor", 6 } };
	static const struct identity kinds[] = {
		{ .kind = IDENTITY_LOGIN,
		  .auth_time = 990,
		  .acr = { "phr", 3 },
		  .roles = editor,
		  .n_roles = 1 },
		{ .kind = IDENTITY_LOGIN, .auth_time = 990 },
		{ .kind = IDENTITY_PROGRAM,
		  .auth_time = 990,
		  .acr = { "phr", 3 },
		  .roles = editor,
		  .n_roles = 1 },
		{ .kind = IDENTITY_PROGRAM },
		{ .kind = IDENTITY_FOREIGN,
		  .auth_time = 990,
		  .acr = { "phr", 3 },
		  .roles = editor,
		  .n_roles = 1 },
		{ .kind = IDENTITY_FOREIGN, .auth_time = 990 },
		{ .kind = IDENTITY_CLIENT,
		  .auth_time = 990,
		  .roles = editor,
		  .n_roles = 1,
		  .client = { "app", 3 },
		  .scope = { "read write", 10 } },
		{ .kind = IDENTITY_CLIENT,
		  .client = { "other", 5 },
		  .scope = { "read", 4 } },
		{ .kind = IDENTITY_CLIENT },
	};
	static const struct {
		const char *rule;
		int answer[COUNT(kinds)]; /* login, program, foreign, client */
	} rows[] = {
		{ "/a open", { YES, YES, YES, YES, YES, YES, YES, YES, YES } },
		{ "/b signed-in", { YES, YES, YES, YES, YES, NO, NO, NO, NO } },
		{ "/a any-of editor", { YES, ROLE, YES, ROLE, YES, NO, NO, NO, NO } },
		{ "/a all-of editor", { YES, ROLE, YES, ROLE, YES, NO, NO, NO, NO } },
		{ "/a login-within 60s",
		  { YES, YES, LOGIN, LOGIN, LOGIN, NO, NO, NO, NO } },
		{ "/a any-of editor login-within 60s",
		  { YES, ROLE, LOGIN, ROLE, LOGIN, NO, NO, NO, NO } },
		{ "/a factor", { YES, FACTOR, FACTOR, FACTOR, FACTOR, NO, NO, NO, NO } },
		{ "/a phr", { YES, PHR, PHR, PHR, PHR, NO, NO, NO, NO } },
		{ "/a any-of editor factor",
		  { YES, ROLE, FACTOR, ROLE, FACTOR, NO, NO, NO, NO } },
		{ "/a scope read", { NO, NO, NO, NO, NO, NO, YES, YES, NO } },
		{ "/a scope write", { NO, NO, NO, NO, NO, NO, YES, NO, NO } },
		{ "/a scope read,write", { NO, NO, NO, NO, NO, NO, YES, NO, NO } },
		{ "/a scope rea", { NO, NO, NO, NO, NO, NO, NO, NO, NO } },
		{ "/a client app", { NO, NO, NO, NO, NO, NO, YES, NO, NO } },
		{ "/a client x,other", { NO, NO, NO, NO, NO, NO, NO, YES, NO } },
		{ "/a client other scope write", { NO, NO, NO, NO, NO, NO, NO, NO, NO } },
		{ "/a signed-in scope read",
		  { YES, YES, YES, YES, YES, NO, YES, YES, NO } },
		{ "/a any-of editor scope read",
		  { YES, ROLE, YES, ROLE, YES, NO, YES, ROLE, NO } },
		{ "/elsewhere open", { YES, YES, YES, YES, YES, NO, NO, NO, NO } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *const text[] = { rows[i].rule, NULL };
		struct rules_question q = { .path = STR("/a"),
					    .method = STR("GET"),
					    .now = 1000 };
		struct rules_verdict v;
		struct rules rs;

		read_rules(&rs, text);
		for (size_t k = 0; k < COUNT(kinds); k++) {
			q.who = &kinds[k];
			rules_decide(&rs, NULL, &q, &v);
			if ((int)v.answer != rows[i].answer[k])
				fail_msg("%s, %zu: %s", rows[i].rule, k,
					 rules_answer_text(v.answer));
		}
		rules_done(&rs);
	}
}

static void
refuses_two_rules_for_one_path_and_method(void **state)
{
	static const char *const bad[][3] = {
		{ "/a signed-in", "/a/ open", NULL },
		{ "/a methods GET open", "/a methods POST,GET signed-in", NULL },
		{ "/a methods GET open", "/a methods HEAD signed-in", NULL },
	};
	struct rules rs;
	struct why why;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct rules_question q = { .path = STR("/a"),
					    .method = STR("GET"),
					    .who = &anybody };
		struct rules_verdict v;

		rules_init(&rs);
		assert_int_equal(rules_add(&rs, str_of(bad[i][0]), "one", &why), ERR_OK);
		assert_int_equal(rules_add(&rs, str_of(bad[i][1]), "two", &why), ERR_OK);
		assert_int_equal(rules_sort(&rs, &why), ERR_EXISTS);
		rules_decide(&rs, NULL, &q, &v);
		assert_int_equal(v.answer, RULES_REFUSED);
		rules_done(&rs);
	}
}

static void
refuses_everything_before_the_rules_are_sorted(void **state)
{
	struct rules_question q = { .path = STR("/a"),
				    .method = STR("GET"),
				    .who = &anybody };
	struct rules_verdict v;
	struct rules rs;

	(void)state;
	rules_init(&rs);
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_REFUSED);
	assert_int_equal(rules_sort(&rs, NULL), ERR_OK);
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_ALLOW);
	q.path = STR("a");
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_REFUSED);
	q.path = STR("");
	rules_decide(&rs, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_REFUSED);
	rules_done(&rs);
}

/* The answer for each path by trying every rule in turn, in place of the search. */
static const struct rule *
slow_find(const struct rules *rs, struct str path)
{
	const struct rule *best = NULL;

	for (size_t i = 0; i < rs->n; i++) {
		struct str p = rs->rule[i].prefix;

		if (str_starts_with(path, p) && (path.n == p.n || path.p[p.n] == '/') &&
		    (best == NULL || p.n > best->prefix.n))
			best = &rs->rule[i];
	}
	return best;
}

static void
finds_among_a_thousand_what_trying_each_finds(void **state)
{
	char text[128];
	struct rules rs;
	int64_t start;

	(void)state;
	rules_init(&rs);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "/d%u/e%u/f%u any-of r%u", i % 7, i % 31, i,
			 i);
		assert_int_equal(rules_add(&rs, str_of(text), "x", NULL), ERR_OK);
		if (i >= 31 * 7)
			continue;
		snprintf(text, sizeof(text), "/d%u/e%u any-of s%u", i % 7, i % 31, i);
		assert_int_equal(rules_add(&rs, str_of(text), "x", NULL), ERR_OK);
	}
	assert_int_equal(rules_sort(&rs, NULL), ERR_OK);
	start = clock_monotonic_ms();
	for (unsigned i = 0; i < 20000; i++) {
		struct rules_question q = { .path = { text, 0 }, .method = STR("GET") };
		struct rules_verdict v;

		q.path.n = (size_t)snprintf(text, sizeof(text), "/d%u/e%u/f%u/g/h", i % 8,
					    i % 32, i % 1500);
		rules_decide(&rs, NULL, &q, &v);
		if (i < 3000)
			assert_ptr_equal(v.rule, slow_find(&rs, q.path));
		assert_int_equal(v.answer, RULES_SIGN_IN);
	}
	assert_true(clock_monotonic_ms() - start < 5000);
	rules_done(&rs);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_of_whole_segments_decides),
		cmocka_unit_test(the_rule_that_names_the_method_decides),
		cmocka_unit_test(another_case_opens_nothing),
		cmocka_unit_test(a_clock_that_went_back_is_no_fresh_login),
		cmocka_unit_test(an_extra_rule_only_asks_for_more),
		cmocka_unit_test(
			says_which_rule_decided_and_whether_it_is_open_or_an_api),
		cmocka_unit_test(refuses_a_rule_it_does_not_understand),
		cmocka_unit_test(an_unknown_word_is_answered_with_the_nearest_one),
		cmocka_unit_test(every_word_of_the_table_is_read_and_explained),
		cmocka_unit_test(basic_counts_only_where_each_rule_that_is_asked_says_so),
		cmocka_unit_test(a_login_opens_what_it_was_proved_for),
		cmocka_unit_test(an_extra_rule_may_ask_for_a_stronger_login),
		cmocka_unit_test(each_kind_of_token_opens_what_is_for_it),
		cmocka_unit_test(refuses_two_rules_for_one_path_and_method),
		cmocka_unit_test(refuses_everything_before_the_rules_are_sorted),
		cmocka_unit_test(finds_among_a_thousand_what_trying_each_finds),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
