#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/gate.h"
#include "serve/serve_request.h"

/* Nobody is signed in here: what counts is which rule is asked. */
static const char *const rule_texts[] = {
	"/ open",
	"/members signed-in",
	"/members/admin any-of admin",
	"/members/shut refuse",
	"/members/shown/index.php refuse",
	"/members/page.html refuse",
	NULL,
};

static char top[] = "/var/tmp/test_gate.XXXXXX";

struct tried {
	bool admitted;
	struct gate gate;
	struct rules rules;
	struct opened opened;
	struct config config;
	struct app app;
};

static const struct program program = { .powers = { &power_rules } };

static void
try(struct tried *t, char *const *variables)
{
	struct request req;

	memset(t, 0, sizeof(*t));
	rules_init(&t->rules);
	for (size_t i = 0; rule_texts[i] != NULL; i++)
		assert_int_equal(rules_add(&t->rules, str_of(rule_texts[i]), "x", NULL),
				 ERR_OK);
	assert_int_equal(rules_sort(&t->rules, NULL), ERR_OK);
	t->opened = (struct opened){ .what = { &t->rules } };
	t->app = (struct app){ .program = &program,
			       .config = &t->config,
			       .opened = &t->opened,
			       .now = 1800000000 };
	assert_int_equal(request_init(&req, variables), ERR_OK);
	t->admitted = gate_admits(&t->gate, &t->app, &req);
	request_done(&req);
}

static void
end(struct tried *t)
{
	gate_done(&t->gate);
	rules_done(&t->rules);
}

/* Root and file are below `top`. */
static enum rules_answer
served(const char *uri, const char *file, const char *more)
{
	char u[256], d[256], f[256], *variables[6] = { "REQUEST_METHOD=GET", u, d, f };
	enum rules_answer answer;
	struct tried t;

	snprintf(u, sizeof(u), "REQUEST_URI=%s", uri);
	snprintf(d, sizeof(d), "DOCUMENT_ROOT=%s/www", top);
	snprintf(f, sizeof(f), "SCRIPT_FILENAME=%s%s", top, file);
	variables[4] = (char *)(uintptr_t)more;
	try(&t, variables);
	answer = t.gate.verdict.answer;
	assert_int_equal(t.admitted, answer == RULES_ALLOW && !t.gate.unreadable);
	end(&t);
	return answer;
}

static int
make_tree(void **state)
{
	static const char *const directories[] = { "www", "www/members",
						   "www/members/shut",
						   "www/members/shown", "www/public" };
	char path[256], target[256];

	(void)state;
	if (mkdtemp(top) == NULL)
		return -1;
	for (size_t i = 0; i < COUNT(directories); i++) {
		snprintf(path, sizeof(path), "%s/%s", top, directories[i]);
		if (mkdir(path, 0755) != 0)
			return -1;
	}
	snprintf(path, sizeof(path), "%s/www/public/link", top);
	snprintf(target, sizeof(target), "%s/www/members/shut", top);
	if (symlink(target, path) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/root", top);
	return symlink("www", path);
}

static int
remove_tree(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static void
the_rule_of_the_asked_path_decides(void **state)
{
	(void)state;
	assert_int_equal(served("/public", "/www/public", NULL), RULES_ALLOW);
	assert_int_equal(served("/members/x", "/www/members/x", NULL), RULES_SIGN_IN);
	assert_int_equal(served("/members/shut/x?y", "/www/members/shut/x", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/%6dembers/x", "/www/members/x", NULL), RULES_SIGN_IN);
	assert_int_equal(served("/MEMBERS/x", "/www/MEMBERS/x", NULL), RULES_SIGN_IN);
}

static void
the_rule_of_the_served_path_must_agree(void **state)
{
	(void)state;
	assert_int_equal(served("/docs/x", "/www/members/x", NULL), RULES_SIGN_IN);
	assert_int_equal(served("/docs/x", "/www/members/shut/x", NULL), RULES_REFUSED);
	assert_int_equal(served("/docs/x", "/elsewhere/members/shut/x", NULL),
			 RULES_ALLOW);
	assert_int_equal(served("/docs/x", "/wwwmembers/shut/x", NULL), RULES_ALLOW);
	assert_int_equal(served("/public/link", "/www/public/link", NULL), RULES_REFUSED);
	assert_int_equal(served("/d", "/www/public/../members/shut", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/d", "/www/public//link/.", NULL), RULES_REFUSED);
	assert_int_equal(served("/d", "/root/members/shut", NULL), RULES_REFUSED);
	assert_int_equal(served("/d", "/root/public", NULL), RULES_ALLOW);
	assert_int_equal(served("/a", "/www/a", "REDIRECT_URI=/members/x"),
			 RULES_SIGN_IN);
	assert_int_equal(served("/a", "/www/a", "REDIRECT_URI=/members/shut/?q"),
			 RULES_REFUSED);
	/* An open rule for the served path opens nothing. */
	assert_int_equal(served("/members/x", "/www/public", NULL), RULES_SIGN_IN);
}

/* True when where it leads could not be told, so that nobody got it. */
static bool
refused_unresolved(const char *root, const char *file)
{
	char d[256], f[256],
		*variables[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/public/x", d, f,
				 NULL };
	struct tried t;
	bool refused;

	snprintf(d, sizeof(d), "DOCUMENT_ROOT=%s%s", top, root);
	snprintf(f, sizeof(f), "SCRIPT_FILENAME=%s%s", file[0] == '/' ? top : "", file);
	try(&t, variables);
	refused = t.gate.unresolved;
	assert_int_equal(t.admitted, !refused);
	end(&t);
	return refused;
}

static void
refuses_where_it_cannot_tell_what_is_served(void **state)
{
	char shut[256], dangling[256];

	(void)state;
	snprintf(dangling, sizeof(dangling), "%s/www/public/dangling", top);
	snprintf(shut, sizeof(shut), "%s/www/public/shut", top);
	assert_int_equal(symlink("nowhere", dangling), 0);
	assert_int_equal(mkdir(shut, 0), 0);
	assert_true(refused_unresolved("/www", "/www/public/dangling"));
	assert_true(refused_unresolved("/www", "/www/public/dangling/x"));
	assert_true(refused_unresolved("/none", "/www/public/link"));
	assert_true(refused_unresolved("/none", "/elsewhere/x"));
	assert_false(refused_unresolved("/www", "/www/public/none"));
	assert_false(refused_unresolved("/www", "/www/public/none/deeper"));
	assert_false(refused_unresolved("/www", "/elsewhere/x"));
	assert_false(refused_unresolved("/none", "proxy:http://127.0.0.1/x"));
	if (geteuid() != 0)
		assert_true(refused_unresolved("/www", "/www/public/shut/x"));
	assert_int_equal(rmdir(shut), 0);
	assert_int_equal(unlink(dangling), 0);
}

static void
the_rule_of_a_link_holds_for_what_does_not_exist_behind_it(void **state)
{
	(void)state;
	assert_int_equal(served("/public/link/x", "/www/public/link/x", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/public/link/x/y", "/www/public/link/x/y", NULL),
			 RULES_REFUSED);
}

static void
what_the_server_chooses_by_itself_comes_under_its_own_rule(void **state)
{
	(void)state;
	assert_int_equal(served("/members/shown/", "/www/members/shown/", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/members/shown/x", "/www/members/shown/x", NULL),
			 RULES_SIGN_IN);
	assert_int_equal(served("/members/page", "/www/members/page", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/members/Page", "/www/members/Page", NULL),
			 RULES_REFUSED);
	assert_int_equal(served("/members/pag", "/www/members/pag", NULL), RULES_SIGN_IN);
}

static void
one_more_rule_of_the_server_can_only_ask_for_more(void **state)
{
	static const struct {
		const char *rule;
		enum rules_answer answer;
		bool unreadable;
	} rows[] = {
		{ "DOORWARD_RULE=signed-in", RULES_SIGN_IN, false },
		{ "DOORWARD_RULE=refuse", RULES_REFUSED, false },
		{ "DOORWARD_RULE=any-of a api", RULES_SIGN_IN, false },
		{ "DOORWARD_RULE=open", 0, true },
		{ "DOORWARD_RULE=", 0, true },
		{ "DOORWARD_RULE=any-off a", 0, true },
		{ "HTTP_DOORWARD_RULE=refuse", RULES_ALLOW, false },
		{ "REDIRECT_DOORWARD_RULE=refuse", RULES_ALLOW, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *variables[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/public",
				      (char *)(uintptr_t)rows[i].rule, NULL };
		struct tried t;

		try(&t, variables);
		assert_int_equal(t.gate.unreadable, rows[i].unreadable);
		assert_int_equal(t.admitted,
				 rows[i].answer == RULES_ALLOW && !rows[i].unreadable);
		if (!rows[i].unreadable)
			assert_int_equal(t.gate.verdict.answer, rows[i].answer);
		end(&t);
	}
}

static void
refuses_a_path_that_could_be_read_in_two_ways(void **state)
{
	static const char *const bad[] = { "REQUEST_URI=/public/../members",
					   "REQUEST_URI=/public%2f..", "REQUEST_URI=*",
					   "REQUEST_URI=", "OTHER=1" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char *variables[] = { "REQUEST_METHOD=GET", (char *)(uintptr_t)bad[i],
				      NULL };
		struct tried t;

		try(&t, variables);
		assert_false(t.admitted);
		assert_non_null(t.gate.path_wrong);
		end(&t);
	}
}

static void
an_error_page_judges_the_request_that_was_refused(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET",
			      "REQUEST_URI=/members/x?a=b",
			      "REDIRECT_STATUS=401",
			      "REDIRECT_REQUEST_METHOD=POST",
			      "REDIRECT_DOORWARD_RULE=any-of a api",
			      "DOORWARD_RULE=of the page itself, and no rule",
			      NULL };
	struct tried t;

	(void)state;
	try(&t, variables);
	assert_false(t.admitted);
	assert_false(t.gate.unreadable);
	assert_true(str_is(t.gate.asked.method, "POST"));
	assert_true(str_is(t.gate.asked.query, "a=b"));
	assert_true(t.gate.verdict.api);
	end(&t);
}

static void
an_error_page_judges_the_file_that_was_refused(void **state)
{
	char root[256], file[256];
	char *variables[] = { "REQUEST_METHOD=GET",
			      "REQUEST_URI=/docs/x",
			      "REDIRECT_STATUS=401",
			      root,
			      file,
			      "SCRIPT_FILENAME=/usr/libexec/doorward/authorizer.fcgi",
			      NULL };
	struct tried t;

	(void)state;
	snprintf(root, sizeof(root), "DOCUMENT_ROOT=%s/www", top);
	snprintf(file, sizeof(file), "REDIRECT_DOORWARD_FILE=%s/www/members/shut/x", top);
	try(&t, variables);
	assert_false(t.admitted);
	assert_int_equal(t.gate.verdict.answer, RULES_REFUSED);
	end(&t);
	variables[4] = "OTHER=1";
	try(&t, variables);
	assert_true(t.admitted);
	end(&t);
}

static void
knows_its_own_page_for_the_refused(void **state)
{
	char self[300], path[280] = "";
	char *variables[] = { "REQUEST_METHOD=GET",
			      "REQUEST_URI=/x",
			      "FCGI_ROLE=AUTHORIZER",
			      "REDIRECT_STATUS=401",
			      self,
			      NULL };
	struct request req;

	(void)state;
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	snprintf(self, sizeof(self), "SCRIPT_FILENAME=%s", path);
	assert_int_equal(request_init(&req, variables), ERR_OK);
	assert_true(gate_is_own_page(&req));
	variables[3] = "REDIRECT_STATUS=404";
	assert_int_equal(request_init(&req, variables), ERR_OK);
	assert_true(gate_is_own_page(&req));
	variables[3] = "REDIRECT_STATUS=200";
	assert_int_equal(request_init(&req, variables), ERR_OK);
	assert_false(gate_is_own_page(&req));
	variables[3] = "REDIRECT_STATUS=401";
	snprintf(self, sizeof(self), "SCRIPT_FILENAME=/bin/true");
	assert_int_equal(request_init(&req, variables), ERR_OK);
	assert_false(gate_is_own_page(&req));
	request_done(&req);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule_of_the_asked_path_decides),
		cmocka_unit_test(the_rule_of_the_served_path_must_agree),
		cmocka_unit_test(refuses_where_it_cannot_tell_what_is_served),
		cmocka_unit_test(
			the_rule_of_a_link_holds_for_what_does_not_exist_behind_it),
		cmocka_unit_test(
			what_the_server_chooses_by_itself_comes_under_its_own_rule),
		cmocka_unit_test(one_more_rule_of_the_server_can_only_ask_for_more),
		cmocka_unit_test(refuses_a_path_that_could_be_read_in_two_ways),
		cmocka_unit_test(an_error_page_judges_the_request_that_was_refused),
		cmocka_unit_test(an_error_page_judges_the_file_that_was_refused),
		cmocka_unit_test(knows_its_own_page_for_the_refused),
	};

	return cmocka_run_group_tests_name("gate", tests, make_tree, remove_tree);
}
