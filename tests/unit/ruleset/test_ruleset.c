#include "check.h"

#include "ruleset/ruleset.h"

static const struct config site = { .file = "/etc/doorward/doorward.conf",
				    .public_url = "https://example.org" };

static void
the_login_is_open_unless_a_rule_says_otherwise(void **state)
{
	struct config_rule one = { "/login refuse", 3 };
	struct config c = site;
	struct rules_question q = { .path = STR("/login/x"), .method = STR("GET") };
	struct rules_verdict v;
	struct rules rules;

	(void)state;
	assert_int_equal(ruleset_read(&c, &rules, NULL), ERR_OK);
	rules_decide(&rules, NULL, &q, &v);
	assert_true(v.open);
	rules_done(&rules);
	c.rules = (struct config_rules){ &one, 1 };
	assert_int_equal(ruleset_read(&c, &rules, NULL), ERR_OK);
	rules_decide(&rules, NULL, &q, &v);
	assert_int_equal(v.answer, RULES_REFUSED);
	assert_string_equal(v.rule->where, "doorward.conf:3");
	rules_done(&rules);
}

/* Where an address leads, and to which path. */
static const struct {
	const char *address, *path;
	enum ruleset_place place;
} addresses[] = {
	{ "/members/", "/members/", RULESET_HERE },
	{ "/my%20files?page=2", "/my files", RULESET_HERE },
	{ "https://example.org", "/", RULESET_HERE },
	{ "https://example.org?a=b", "/", RULESET_HERE },
	{ "https://example.org/#top", "/", RULESET_HERE },
	{ "HTTPS://Example.org/wiki#top", "/wiki", RULESET_HERE },
	{ "https://example.org.evil.test/", "", RULESET_ELSEWHERE },
	{ "https://example.org:8443/", "", RULESET_ELSEWHERE },
	{ "https://example.org@evil.test/", "", RULESET_ELSEWHERE },
	{ "https://other.test/members/", "", RULESET_ELSEWHERE },
	{ "members", "", RULESET_ELSEWHERE },
	{ "", "", RULESET_ELSEWHERE },
	{ "/members/../admin", "", RULESET_UNCLEAR },
	{ "/a%2fb", "", RULESET_UNCLEAR },
};

static void
an_address_of_this_site_has_a_path_and_no_other_has(void **state)
{
	struct buf path;

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		buf_init(&path, 4096);
		assert_int_equal(ruleset_path(&site, str_of(addresses[i].address), &path),
				 addresses[i].place);
		assert_string_equal(buf_z(&path), addresses[i].path);
		buf_done(&path);
	}
}

static enum rules_answer
ask(const struct rules *rules, const char *path, enum acr acr)
{
	static const struct str roles[] = { { .p = "member", .n = sizeof("member") - 1 },
					    { .p = "editor",
					      .n = sizeof("editor") - 1 } };
	struct rules_question q = { .path = str_of(path), .method = STR("GET") };
	struct rules_verdict v;
	struct identity who;

	ruleset_login(&who, roles, 2, acr, 1800000000);
	q.who = &who;
	q.now = 1800000000;
	rules_decide(rules, NULL, &q, &v);
	return v.answer;
}

static void
a_login_is_judged_by_its_roles_and_by_its_proofs(void **state)
{
	struct config_rule some[] = { { "/wiki any-of editor", 1 },
				      { "/books any-of treasurer", 2 },
				      { "/votes any-of member factor", 3 } };
	struct config c = site;
	struct rules rules;

	(void)state;
	c.rules = (struct config_rules){ some, 3 };
	assert_int_equal(ruleset_read(&c, &rules, NULL), ERR_OK);
	assert_int_equal(ask(&rules, "/wiki", ACR_1FA), RULES_ALLOW);
	assert_int_equal(ask(&rules, "/books", ACR_1FA), RULES_NOT_ENTITLED);
	assert_int_equal(ask(&rules, "/votes", ACR_1FA), RULES_WANTS_FACTOR);
	assert_int_equal(ask(&rules, "/votes", ACR_2FA), RULES_ALLOW);
	rules_done(&rules);
}

static void
a_rule_names_the_roles_of_both_its_lists(void **state)
{
	struct rule r;

	(void)state;
	assert_int_equal(rule_parse(STR("/x any-of a,b all-of c"), "x", &r, NULL),
			 ERR_OK);
	assert_true(ruleset_names_role(&r, STR("b")));
	assert_true(ruleset_names_role(&r, STR("c")));
	assert_false(ruleset_names_role(&r, STR("d")));
	assert_false(ruleset_names_role(&r, STR("")));
	rule_done(&r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_login_is_open_unless_a_rule_says_otherwise),
		cmocka_unit_test(an_address_of_this_site_has_a_path_and_no_other_has),
		cmocka_unit_test(a_login_is_judged_by_its_roles_and_by_its_proofs),
		cmocka_unit_test(a_rule_names_the_roles_of_both_its_lists),
	};

	return cmocka_run_group_tests_name("ruleset", tests, NULL, NULL);
}
