#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "http/response.h"
#include "page/page.h"
#include "page/page_text.h"

static char directory[] = "/tmp/test_page_XXXXXX";
static struct pages pages;
static struct response res;

static struct config
site(const char *share_dir, const char *language)
{
	return (struct config){ .site_name = "Larch & Hill",
				.share_dir = share_dir,
				.language = language };
}

static void
write_file(const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

static int
setup(void **state)
{
	struct config c = site(NULL, "en");

	(void)state;
	response_init(&res);
	return pages_open(&pages, &c, NULL) == ERR_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	pages_close(&pages);
	response_done(&res);
	return 0;
}

static int
setup_directory(void **state)
{
	(void)state;
	response_init(&res);
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
teardown_directory(void **state)
{
	remove_file("login.html");
	remove_file("goodbye.html");
	remove_file("de.txt");
	rmdir(directory);
	memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
	return teardown(state);
}

static bool
shows(const char *text)
{
	return strstr(buf_z(&res.body), text) != NULL;
}

static void
is_well_formed(int status)
{
	struct str value;

	assert_true(res.complete);
	assert_false(res.failed);
	assert_int_equal(res.status, status);
	assert_true(shows("<!doctype html>"));
	assert_true(shows("</html>"));
	assert_false(shows("{{"));
	assert_true(shows(pages.stylesheet));
	assert_true(response_header_find(&res, "Content-Type", &value));
	assert_true(str_is(value, "text/html; charset=utf-8"));
	assert_true(response_header_find(&res, "Cache-Control", &value));
	assert_true(str_is(value, "no-store"));
}

static void
login_page(struct page *page, const char *problem, const char *username, bool flag)
{
	page_init(page, &pages, "login");
	page_text(page, "form_token", STR("TOKEN"));
	page_text(page, "return_to", STR("/x?a=1&b=2"));
	page_text(page, "username", str_of(username));
	page_phrase(page, "problem", problem);
	page_flag(page, "username_invalid", flag);
	page_flag(page, "password_invalid", flag);
	page_flag(page, "focus_username", !flag);
	page_flag(page, "remember", flag);
	page_phrase(page, "wait", "wait.minutes");
	page_text(page, "count", STR("5"));
}

static void
shows_the_login_form(void **state)
{
	struct page page;

	(void)state;
	login_page(&page, NULL, "", false);
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("<title>Sign in \xc2\xb7 Larch &amp; Hill</title>"));
	assert_true(shows("name=\"form_token\" value=\"TOKEN\""));
	assert_true(shows("value=\"/x?a=1&amp;b=2\""));
	assert_true(shows("autocomplete=\"username\""));
	assert_true(shows("autocomplete=\"current-password\""));
	assert_false(shows("role=\"alert\""));
	assert_false(shows("aria-invalid"));
}

static void
ties_the_problem_to_its_fields(void **state)
{
	struct page page;

	(void)state;
	login_page(&page, "login.throttled", "\"><script>alert(1)</script>", true);
	page_send(&page, 429, &res);
	is_well_formed(429);
	assert_true(
		shows("id=\"problem\" role=\"alert\">Too many tries. Wait 5 minutes"));
	assert_true(shows("aria-invalid=\"true\" aria-describedby=\"problem\""));
	assert_true(shows("value=\"&quot;&gt;&lt;script&gt;"));
	assert_false(shows("<script"));
}

static void
has_a_page_for_each_error(void **state)
{
	struct str text;
	static const char *const codes[] = {
		"invalid_request", "unauthorized", "forbidden",  "cross_site",
		"not_found",       "circle",       "too_large",  "method_not_allowed",
		"server_error",    "unavailable",  "not_a_code", "unsupported_media_type",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		response_reset(&res);
		page_error(&pages, 400, codes[i], &res);
		is_well_formed(400);
	}
	assert_false(page_text_find(&pages, STR("not.a.key"), &text));
}

static void
answers_500_when_a_page_cannot_be_made(void **state)
{
	struct page page;

	(void)state;
	page_init(&page, &pages, "login");
	page_send(&page, 200, &res);
	assert_true(res.complete);
	assert_int_equal(res.status, 500);
	assert_false(shows("<form"));

	page_init(&page, &pages, "no_such_page");
	page_send(&page, 200, &res);
	assert_int_equal(res.status, 500);

	login_page(&page, NULL, "", false);
	for (int i = 0; i < PAGE_FIELDS_MAX; i++)
		page_flag(&page, "more", true);
	page_send(&page, 200, &res);
	assert_int_equal(res.status, 500);
}

static void
lets_forms_lead_to_the_listed_origins_only(void **state)
{
	const char *origins[] = { "https://app.example" };
	struct config c = site(NULL, "en");

	(void)state;
	assert_non_null(strstr(buf_z(&pages.policy), "form-action 'self';"));
	assert_non_null(strstr(buf_z(&pages.policy), "default-src 'none'"));
	assert_null(strstr(buf_z(&pages.policy), "unsafe"));
	pages_close(&pages);
	c.return_to_origins = (struct config_list){ origins, 1 };
	assert_int_equal(pages_open(&pages, &c, NULL), ERR_OK);
	assert_non_null(
		strstr(buf_z(&pages.policy), "form-action 'self' https://app.example;"));
}

static void
takes_files_and_another_language_from_share_dir(void **state)
{
	struct config c = site(directory, "de");
	struct page page;

	(void)state;
	write_file("goodbye.html",
		   "<p>{{text:goodbye.heading}} {{text:goodbye.lead}}</p>");
	write_file("de.txt", "# Deutsch\ngoodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
	assert_int_equal(pages_open(&pages, &c, NULL), ERR_OK);
	page_init(&page, &pages, "goodbye");
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("<p>Tsch\xc3\xbc\xc3\x9f See you next time.</p>"));
	assert_true(shows("<html lang=\"de\">"));
}

/* What pages_check says when share_dir holds `text` as `name`. */
static void
says_of(const char *name, const char *text, const char *expected)
{
	struct config c = site(directory, "de");
	struct buf problems;

	write_file("de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
	write_file(name, text);
	buf_init(&problems, 65536);
	assert_int_equal(pages_open(&pages, &c, NULL), ERR_OK);
	pages_check(&pages, &problems);
	assert_string_equal(buf_z(&problems), expected);
	buf_done(&problems);
	pages_close(&pages);
	remove_file(name);
}

static void
checks_every_template(void **state)
{
	(void)state;
	says_of("goodbye.html", "<p>{{text:goodbye.heading}}</p>", "");
	says_of("goodbye.html", "<p>{{#x}}</p>",
		"goodbye.html: a section is not closed: \"x\"\n");
	says_of("bar.html", "<p", "bar.html: ends within a tag: \"<p\"\n");
	says_of("layout.html", "{{>content}}{{title}}{{nope}}",
		"layout.html: no such value: \"nope\"\n");
}

static void
refuses_a_name_that_the_page_does_not_give(void **state)
{
	(void)state;
	says_of("login.html", "<main>{{nope}}</main>",
		"login.html: no such value: \"nope\"\n");
	says_of("goodbye.html", "{{#username}}x{{/username}}",
		"goodbye.html: no such value: \"username\"\n");
	says_of("protected.html", "{{#roles}}{{role}}{{/roles}}{{role}}",
		"protected.html: no such value: \"role\"\n");
	says_of("protected.html", "{{roles}}",
		"protected.html: cannot be shown: \"roles\"\n");
	says_of("bar.html", "{{username}}{{nope}}",
		"account.html: in {{>bar}}: no such value: \"nope\"\n"
		"password.html: in {{>bar}}: no such value: \"nope\"\n"
		"protected.html: in {{>bar}}: no such value: \"nope\"\n");
}

static void
refuses_a_form_without_the_fields_that_make_it_work(void **state)
{
	(void)state;
	says_of("login.html",
		"<form><input name=\"form_token\"><input name=\"usernames\"></form>",
		"login.html: no form field has name=\"username\"\n"
		"login.html: no form field has name=\"password\"\n");
	says_of("password.html",
		"<form>{{#problem}}<input name=\"form_token\">{{/problem}}"
		"<input name=\"current\"><input name=\"next\"></form>",
		"password.html: no form field has name=\"repeat\"\n");
}

static void
refuses_a_phrase_with_a_name_that_its_pages_do_not_give(void **state)
{
	(void)state;
	says_of("de.txt",
		"account.used = {{used}}, {{site_name}}\nlogin.wrong = {{nope}}\n"
		"wait.minutes = {{count}} Minuten\nago.now = {{used}}\n",
		"de.txt: login.wrong: no such value: \"nope\"\n"
		"de.txt: ago.now: no such value: \"used\"\n");
}

static void
refuses_a_catalogue_that_says_a_thing_twice(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "# x\na.b = 1\n\nc.d = 2\na.b = 3\n",
		  "5: a.b stands in line 2 already" },
		{ "a.b = 1\nno phrase\n", "2: not `key = phrase`" },
		{ "= phrase", "1: not `key = phrase`" },
		{ "A.b = 1", "1: not `key = phrase`" },
		{ "a.b", "1: not `key = phrase`" },
	};
	struct config c = site(directory, "de");
	struct why why;

	(void)state;
	assert_int_equal(page_text_check(STR(" # a = b\n\n \na.b=\nc = d = e"), &why),
			 ERR_OK);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(page_text_check(str_of(bad[i].text), &why), ERR_SYNTAX);
		assert_string_equal(why.text, bad[i].why);
	}
	write_file("de.txt", bad[0].text);
	assert_int_equal(pages_open(&pages, &c, &why), ERR_SYNTAX);
	assert_string_equal(why.text,
			    "share_dir: de.txt:5: a.b stands in line 2 already");
}

static void
has_an_english_catalogue_without_a_mistake(void **state)
{
	struct buf problems;
	struct str english;
	struct why why = { "" };

	(void)state;
	buf_init(&problems, 65536);
	assert_true(pages_find(&pages, STR("en.txt"), &english));
	assert_int_equal(page_text_check(english, &why), ERR_OK);
	pages_check(&pages, &problems);
	assert_string_equal(buf_z(&problems), "");
	buf_done(&problems);
}

/* A name that the page does not give, and templates that are none. */
static void
a_broken_template_gives_way_to_the_built_in_one(void **state)
{
	static const char *const broken[] = { "<p>{{from_token}}</p>", "<p>{{",
					      "<a {{x}}>" };
	struct config c = site(directory, "de");
	struct page page;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		pages_close(&pages);
		response_reset(&res);
		write_file("goodbye.html", broken[i]);
		write_file("de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
		assert_int_equal(pages_open(&pages, &c, NULL), ERR_OK);
		page_init(&page, &pages, "goodbye");
		page_send(&page, 200, &res);
		is_well_formed(200);
		assert_true(shows("See you next time."));
		assert_true(shows("<html lang=\"en\">"));
		assert_false(shows("Tsch"));
		assert_true(pages.say_ms > 0);
	}
}

static void
the_built_in_pages_need_no_share_dir(void **state)
{
	struct config c = site("/nonexistent/share", "xx");
	struct page page;

	(void)state;
	pages_close(&pages);
	assert_int_equal(pages_open_built_in(&pages, &c, NULL), ERR_OK);
	assert_true(pages.built_in);
	page_init(&page, &pages, "goodbye");
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("See you next time."));
	assert_true(shows("<html lang=\"en\">"));
}

static void
refuses_a_share_dir_that_it_cannot_use(void **state)
{
	struct config c = site("/nonexistent/share", "en");
	struct why why;

	(void)state;
	assert_int_equal(pages_open(&pages, &c, &why), ERR_IO);
	pages_close(&pages);

	c = site(directory, "en");
	write_file("login.html", "\xff");
	assert_int_equal(pages_open(&pages, &c, &why), ERR_SYNTAX);
	assert_non_null(strstr(why.text, "login.html"));
	pages_close(&pages);

	remove_file("login.html");
	c = site(directory, "fr");
	assert_int_equal(pages_open(&pages, &c, &why), ERR_NOT_FOUND);
	pages_close(&pages);
	c = site(directory, "../en");
	assert_int_equal(pages_open(&pages, &c, &why), ERR_SYNTAX);
}

static void
reads_phrases_by_their_whole_key(void **state)
{
	struct str c =
		STR("# a = remark\na.b = one\n  c =  two = 2  \nempty =\nlast = end");
	struct str text;

	(void)state;
	assert_true(page_text_in(c, STR("a.b"), &text) && str_is(text, "one"));
	assert_true(page_text_in(c, STR("c"), &text) && str_is(text, "two = 2"));
	assert_true(page_text_in(c, STR("last"), &text) && str_is(text, "end"));
	assert_false(page_text_in(c, STR("a"), &text));
	assert_false(page_text_in(c, STR("# a"), &text));
	assert_false(page_text_in(c, STR("empty"), &text));
	assert_false(page_text_in(c, STR(""), &text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shows_the_login_form, setup, teardown),
		cmocka_unit_test_setup_teardown(ties_the_problem_to_its_fields, setup,
						teardown),
		cmocka_unit_test_setup_teardown(has_a_page_for_each_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(answers_500_when_a_page_cannot_be_made,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			lets_forms_lead_to_the_listed_origins_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
			takes_files_and_another_language_from_share_dir, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(checks_every_template, setup_directory,
						teardown_directory),
		cmocka_unit_test_setup_teardown(
			refuses_a_name_that_the_page_does_not_give, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(
			refuses_a_form_without_the_fields_that_make_it_work,
			setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			refuses_a_phrase_with_a_name_that_its_pages_do_not_give,
			setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			refuses_a_catalogue_that_says_a_thing_twice, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(
			has_an_english_catalogue_without_a_mistake, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_broken_template_gives_way_to_the_built_in_one, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(the_built_in_pages_need_no_share_dir,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_share_dir_that_it_cannot_use,
						setup_directory, teardown_directory),
		cmocka_unit_test(reads_phrases_by_their_whole_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
