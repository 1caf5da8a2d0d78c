#include "check.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "http/request.h"
#include "http/response.h"
#include "page/catalogue.h"
#include "page/page.h"
#include "pagecheck/pages_check.h"

static const struct embedded_folder all[] = {
	{ "login", embedded_share_login },
	{ "account", embedded_share_account },
	{ "gate", embedded_share_gate },
	{ "protected", embedded_share_protected },
	{ NULL },
};
static char directory[] = "/tmp/test_page_XXXXXX";
static struct pages pages;
static struct response res;

static struct config
site(const char *share_dir, const char *language)
{
	return (struct config){ .public_url = "https://site.example",
				.site_name = "Larch & Hill",
				.share_dir = share_dir,
				.language = language };
}

static void
write_file(const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%.*s", directory, (int)strcspn(name, "/"), name);
	if (strchr(name, '/') != NULL)
		mkdir(path, 0755);
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
	assert_int_equal(unlink(path), 0);
}

static int
remove_any(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static int
setup(void **state)
{
	struct config c = site(NULL, "en");

	(void)state;
	response_init(&res);
	return pages_open(&pages, &c, all, NULL) == ERR_OK ? 0 : -1;
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
	nftw(directory, remove_any, 8, FTW_DEPTH | FTW_PHYS);
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
	assert_true(shows(pages.look.stylesheet.url));
	assert_true(response_header_find(&res, "Content-Type", &value));
	assert_true(str_is(value, "text/html; charset=utf-8"));
	assert_true(response_header_find(&res, "Cache-Control", &value));
	assert_true(str_is(value, "no-store"));
}

static void
login_page(struct page *page, const char *problem, const char *username, bool flag)
{
	page_init(page, &pages, &pages.languages.all[0], "login");
	page_text(page, "form_token", STR("TOKEN"));
	page_text(page, "return_to", STR("/x?a=1&b=2"));
	page_flag(page, "forgot", flag);
	page_flag(page, "register", flag);
	page_text(page, "username", str_of(username));
	page_phrase(page, "username_label", "login.username");
	page_text(page, "asker", STR(""));
	page_phrase(page, "problem", problem);
	page_phrase(page, "notice", NULL);
	page_flag(page, "username_invalid", flag);
	page_flag(page, "password_invalid", flag);
	page_flag(page, "focus_username", !flag);
	page_flag(page, "remember", flag);
	page_phrase(page, "wait", "wait.minutes");
	page_text(page, "count", STR("5"));
	page_text(page, "passkey_options", flag ? STR("{\"a\":\"<b>\"}") : STR(""));
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
	assert_true(shows("<a href=\"https://site.example/\">Start page</a>"));
	assert_false(shows(">Help</a>"));
	assert_false(shows(">Legal notice</a>"));
	assert_false(shows("<img"));
	assert_false(shows("<script"));
	assert_false(shows("data-passkey"));
}

static void
ties_the_problem_to_its_fields(void **state)
{
	struct page page;

	(void)state;
	login_page(&page, "login.throttled", "\"><script>alert(1)</script>", true);
	page_send(&page, 429, &res);
	is_well_formed(429);
	assert_true(shows("role=\"alert\">There were too many tries. You can try again "
			  "in 5 minutes;"));
	assert_true(shows("<title>Error: Sign in \xc2\xb7 Larch &amp; Hill</title>"));
	assert_true(shows("aria-invalid=\"true\" aria-describedby=\"problem\""));
	assert_true(shows("value=\"&quot;&gt;&lt;script&gt;"));
	assert_false(shows("<script>"));
}

/* For the script; a browser without it hides the form. */
static void
offers_passkeys_where_the_site_has_them(void **state)
{
	struct page page;

	(void)state;
	login_page(&page, NULL, "ann", true);
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("data-options=\"{&quot;a&quot;:&quot;&lt;b&gt;&quot;}\""));
	assert_true(shows("data-renew=\"/login/passkey/begin\""));
	assert_true(shows(" hidden>"));
	assert_true(shows("autocomplete=\"username webauthn\""));
	assert_true(shows("<script defer src=\"/login/doorward-"));
}

static void
links_to_where_the_settings_say(void **state)
{
	struct config c = site(NULL, "en");

	(void)state;
	pages_close(&pages);
	c.public_url = "https://example.org";
	c.help_url = "mailto:help@example.org";
	c.imprint_url = "/imprint?a=1&b=2";
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	page_error(&pages, &pages.languages.all[0], 404, "not_found", &res);
	is_well_formed(404);
	assert_true(shows("<a href=\"https://example.org/\">Start page</a>"));
	assert_true(shows("<a href=\"mailto:help@example.org\">Help</a>"));
	assert_true(shows("<a href=\"/imprint?a=1&amp;b=2\">Legal notice</a>"));
	assert_true(shows("<title>Page not found \xc2\xb7 Larch &amp; Hill</title>"));
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
		page_error(&pages, &pages.languages.all[0], 400, codes[i], &res);
		is_well_formed(400);
	}
	assert_false(languages_phrase(&pages.languages, &pages.languages.all[0],
				      STR("not.a.key"), STR(""), &text));
}

static void
answers_500_when_a_page_cannot_be_made(void **state)
{
	struct page page;

	(void)state;
	page_init(&page, &pages, &pages.languages.all[0], "login");
	page_send(&page, 200, &res);
	assert_true(res.complete);
	assert_int_equal(res.status, 500);
	assert_false(shows("<form"));

	page_init(&page, &pages, &pages.languages.all[0], "no_such_page");
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
	for (int i = 0; i < RESPONSE_POLICIES; i++) {
		const char *policy = buf_z(&pages.policy[i]);

		assert_non_null(strstr(policy, "form-action 'self';"));
		assert_non_null(strstr(policy, "default-src 'none'"));
		assert_null(strstr(policy, "unsafe"));
	}
	pages_close(&pages);
	c.return_to_origins = (struct config_list){ origins, 1 };
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	assert_non_null(strstr(buf_z(&pages.policy[RESPONSE_LEADS_AWAY]),
			       "form-action 'self' https://app.example;"));
	/* and only where the address says that its forms do */
	page_error(&pages, &pages.languages.all[0], 403, "forbidden", &res);
	assert_null(strstr(buf_z(&res.headers), "https://app.example"));
	assert_non_null(strstr(buf_z(&res.headers), "form-action 'self';"));
	response_reset(&res);
	res.policy = RESPONSE_LEADS_AWAY;
	page_error(&pages, &pages.languages.all[0], 403, "forbidden", &res);
	assert_non_null(strstr(buf_z(&res.headers), "form-action 'self' https://app"));
}

/* The status of a page whose forms may lead to `source`. */
static int
send_leading_to(const char *source)
{
	struct page page;

	response_reset(&res);
	page_init(&page, &pages, &pages.languages.all[0], "goodbye");
	page_leads_to(&page, str_of(source));
	page_send(&page, 200, &res);
	return res.status;
}

static void
lets_the_forms_of_one_page_lead_to_one_more_place(void **state)
{
	(void)state;
	assert_int_equal(send_leading_to("https://app.example:8443"), 200);
	assert_non_null(strstr(buf_z(&res.headers),
			       "form-action 'self' https://app.example:8443; frame-"));
	assert_int_equal(send_leading_to(""), 200);
	assert_non_null(strstr(buf_z(&res.headers), "form-action 'self'; frame-"));
	assert_int_equal(send_leading_to("https://app.example; script-src *"), 500);
	assert_null(strstr(buf_z(&res.headers), "app.example"));
}

/* script-src is one address, and only where the row says that its page has the script. */
static void
lets_the_one_script_run_where_the_row_says_so(void **state)
{
	static const char said[] = "script-src https://site.example/login/doorward-"
				   "0123456789abcdef01234567.js; connect-src "
				   "https://site.example/login/passkey/begin; ";
	static const struct embedded script[] = {
		{ "doorward.js", { "x", 1 }, "0123456789abcdef01234567" }, { NULL }
	};
	const struct embedded_folder with[] = { { "script", script }, { NULL } };
	const struct embedded_folder without[] = { { NULL } };
	const unsigned both = RESPONSE_WITH_SCRIPT | RESPONSE_LEADS_AWAY;
	struct config c = site(NULL, "en");

	(void)state;
	pages_close(&pages);
	assert_int_equal(pages_open(&pages, &c, without, NULL), ERR_OK);
	for (int i = 0; i < RESPONSE_POLICIES; i++)
		assert_null(strstr(buf_z(&pages.policy[i]), "script"));
	pages_close(&pages);
	assert_int_equal(pages_open(&pages, &c, with, NULL), ERR_OK);
	page_error(&pages, &pages.languages.all[0], 403, "forbidden", &res);
	assert_null(strstr(buf_z(&res.headers), "script"));
	response_reset(&res);
	res.policy = RESPONSE_WITH_SCRIPT;
	page_error(&pages, &pages.languages.all[0], 403, "forbidden", &res);
	assert_non_null(strstr(buf_z(&res.headers), said));
	assert_non_null(strstr(buf_z(&pages.policy[both]), said));
	assert_null(strstr(buf_z(&pages.policy[RESPONSE_LEADS_AWAY]), "script"));
	assert_non_null(look_find(&pages.look, str_of(pages.look.script.url)));
}

static void
takes_files_and_another_language_from_share_dir(void **state)
{
	struct config c = site(directory, "it");
	struct page page;

	(void)state;
	write_file("login/goodbye.html",
		   "<p>{{text:goodbye.heading}} {{text:goodbye.lead}}</p>");
	write_file("phrases/it.txt", "# Italiano\ngoodbye.heading = \xc3\x88 fatto\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	page_init(&page, &pages, &pages.languages.all[0], "goodbye");
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("<p>\xc3\x88 fatto See you next time.</p>"));
	assert_true(shows("<html lang=\"it\" dir=\"ltr\">"));
}

/* The page "goodbye" for a browser that says `accept`. */
static void
say_goodbye_to(const char *accept)
{
	char header[256];
	char *variables[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/login",
			      "SCRIPT_NAME=/login", header, NULL };
	struct request req;
	struct page page;

	snprintf(header, sizeof(header), "HTTP_ACCEPT_LANGUAGE=%s", accept);
	assert_int_equal(request_init(&req, variables), ERR_OK);
	response_reset(&res);
	page_init(&page, &pages, pages_language(&pages, &req), "goodbye");
	page_send(&page, 200, &res);
	is_well_formed(200);
	request_done(&req);
}

static bool
has_header(const char *name, const char *expected)
{
	struct str value;

	if (!response_header_find(&res, name, &value))
		return expected == NULL;
	return expected != NULL && str_is(value, expected);
}

static void
gives_each_request_its_language(void **state)
{
	struct config c = site(directory, "en");

	(void)state;
	write_file("phrases/it.txt", "goodbye.heading = Arrivederci\n");
	write_file("phrases/ar.txt", "language.direction = rtl\n");
	write_file("phrases/Notes.txt", "no catalogue\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	assert_int_equal(pages.languages.n, 6); /* de, en, es and fr are compiled in */

	say_goodbye_to("it,en;q=0.5");
	assert_true(shows("<html lang=\"it\" dir=\"ltr\">"));
	assert_true(shows("Arrivederci"));
	assert_true(shows("See you next time.")); /* which Italian lacks */
	assert_true(has_header("Content-Language", "it"));
	assert_true(has_header("Vary", "Accept-Language, Cookie"));
	say_goodbye_to("en-GB, it;q=0.9");
	assert_true(shows("<html lang=\"en\" dir=\"ltr\">"));
	assert_false(shows("Arrivederci"));
	assert_true(has_header("Content-Language", "en"));
	say_goodbye_to("ar");
	assert_true(shows("<html lang=\"ar\" dir=\"rtl\">"));
	say_goodbye_to("fr-CA, en;q=0.5");
	assert_true(shows("<html lang=\"fr\" dir=\"ltr\">"));
	assert_true(shows("\xc3\x80 bient\xc3\xb4t."));
	say_goodbye_to("nl");
	assert_true(shows("<html lang=\"en\" dir=\"ltr\">"));
}

/* The operator's English is what Italian readers get, too, where Italian lacks it. */
static void
takes_what_a_language_lacks_from_the_sites_own_english(void **state)
{
	struct config c = site(directory, "it");

	(void)state;
	write_file("phrases/it.txt", "goodbye.heading = Arrivederci\n");
	write_file("phrases/en.txt", "goodbye.lead = Mind the step.\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	say_goodbye_to("");
	assert_true(shows("<html lang=\"it\"") && shows("Arrivederci"));
	assert_true(shows("Mind the step.") && shows("Sign in again"));
}

/* A phrase of the operator's German replaces one of ours, and the others stay ours. */
static void
takes_what_the_sites_own_german_lacks_from_ours(void **state)
{
	struct config c = site(directory, "de");

	(void)state;
	write_file("phrases/de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	say_goodbye_to("");
	assert_true(shows("Tsch\xc3\xbc\xc3\x9f"));
	assert_true(shows("Wieder anmelden"));
}

static void
refuses_more_languages_than_it_can_hold(void **state)
{
	struct config c = site(directory, "en");
	struct why why;
	char name[] = "phrases/xa.txt";

	(void)state;
	for (; name[9] < 'a' + LANGUAGES_MAX; name[9]++)
		write_file(name, "goodbye.lead = x\n");
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_LIMIT);
	assert_string_equal(why.text, "share_dir: more than 16 languages");
}

static void
holds_the_templates_of_its_own_folders_only(void **state)
{
	static const struct embedded_folder mine[] = { { "login", embedded_share_login },
						       { NULL } };
	struct config c = site(directory, "en");

	(void)state;
	write_file("account/account.html", "\xff");
	assert_int_equal(pages_open(&pages, &c, mine, NULL), ERR_OK);
	assert_non_null(share_find(&pages.share, STR("login.html")));
	assert_non_null(share_find(&pages.share, STR("layout.html")));
	assert_null(share_find(&pages.share, STR("account.html")));
}

static void
names_the_files_that_nothing_reads(void **state)
{
	struct config c = site(directory, "en");
	struct buf problems;

	(void)state;
	write_file("login.html", "x");
	write_file("de.txt", "x");
	write_file("README.txt", "x");
	write_file("login/doorward.css", "x");
	write_file("login/lgoin.html", "x");
	write_file("login/logo.png", "x");
	write_file("phrases/De.txt", "x");
	write_file("phrases/.de.txt", "x");
	buf_init(&problems, 65536);
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	pages_check_places(&pages, directory, &problems);
	assert_string_equal(
		buf_z(&problems),
		"de.txt: is not read; its place is phrases/de.txt\n"
		"login.html: is not read; its place is login/login.html\n"
		"phrases/De.txt: is not read; small letters and - name a language\n"
		"login/doorward.css: is not read; its place is common/doorward.css\n"
		"login/lgoin.html: is not read; there is no such template\n");
	buf_done(&problems);
}

/* What pages_check says when share_dir holds `text` as `name`. */
static void
says_of(const char *name, const char *text, const char *expected)
{
	struct config c = site(directory, "de");
	struct buf problems;

	write_file("phrases/de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
	write_file(name, text);
	buf_init(&problems, 65536);
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
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
	says_of("login/goodbye.html", "<p>{{text:goodbye.heading}}</p>", "");
	says_of("login/goodbye.html", "<p>{{#x}}</p>",
		"login/goodbye.html: a section is not closed: \"x\"\n");
	says_of("common/bar.html", "<p", "common/bar.html: ends within a tag: \"<p\"\n");
	says_of("common/layout.html", "{{>content}}{{title}}{{nope}}",
		"common/layout.html: no such value: \"nope\"\n");
}

static void
refuses_a_name_that_the_page_does_not_give(void **state)
{
	(void)state;
	says_of("login/login.html", "<main>{{nope}}</main>",
		"login/login.html: no such value: \"nope\"\n");
	says_of("login/goodbye.html", "{{#username}}x{{/username}}",
		"login/goodbye.html: no such value: \"username\"\n");
	says_of("protected/protected.html", "{{#roles}}{{role}}{{/roles}}{{role}}",
		"protected/protected.html: no such value: \"role\"\n");
	says_of("protected/protected.html", "{{roles}}",
		"protected/protected.html: cannot be shown: \"roles\"\n");
	says_of("common/bar.html", "{{username}}{{nope}}",
		"account/account.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/password.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/factors.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/tokens.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/apps.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/way.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/profile.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/address.html: in {{>bar}}: no such value: \"nope\"\n"
		"account/delete.html: in {{>bar}}: no such value: \"nope\"\n"
		"protected/protected.html: in {{>bar}}: no such value: \"nope\"\n");
}

static void
refuses_a_form_without_the_fields_that_make_it_work(void **state)
{
	(void)state;
	says_of("login/login.html",
		"<form><input name=\"form_token\"><input name=\"usernames\"></form>",
		"login/login.html: no form field has name=\"username\"\n"
		"login/login.html: no form field has name=\"password\"\n");
	says_of("account/password.html",
		"<form>{{#problem}}<input name=\"form_token\">{{/problem}}"
		"<input name=\"current\"><input name=\"next\"></form>",
		"account/password.html: no form field has name=\"repeat\"\n");
}

static void
refuses_a_phrase_with_a_name_that_its_pages_do_not_give(void **state)
{
	(void)state;
	says_of("phrases/de.txt", "language.direction = up\n",
		"phrases/de.txt: language.direction: ltr or rtl\n");
	says_of("phrases/de.txt",
		"account.used = {{used}}, {{site_name}}\nlogin.wrong = {{nope}}\n"
		"wait.minutes = {{count}} Minuten\nago.now = {{used}}\n",
		"phrases/de.txt: login.wrong: no such value: \"nope\"\n"
		"phrases/de.txt: ago.now: no such value: \"used\"\n");
}

/* Of a language that only share_dir has; our German is whole with whatever a site adds. */
static void
names_the_phrases_that_a_language_lacks(void **state)
{
	struct config c = site(directory, "en");
	struct buf problems;

	(void)state;
	write_file("phrases/de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
	write_file("phrases/it.txt",
		   "language.name = Italiano\nlanguage.direction = ltr\n"
		   "bar.account = conto\nfoot.home = casa\nfoot.help =\n"
		   "wait.minutes = {{count}} minuti\nwait.hours.other = {{count}} ore\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	buf_init(&problems, 65536);
	pages_check_languages(&pages, &problems);
	assert_non_null(strstr(buf_z(&problems),
			       "phrases/it.txt: missing, so in English: title.failed "
			       "foot.help foot.imprint time.form time.first"));
	assert_non_null(strstr(buf_z(&problems), " more\n"));
	assert_null(strstr(buf_z(&problems), "de.txt"));
	buf_done(&problems);
}

static void
asks_for_one_row_of_a_phrase_with_a_number(void **state)
{
	struct config c = site(directory, "en");
	struct str rest, key, phrase;
	struct buf text, problems;

	(void)state;
	buf_init(&text, 262144);
	buf_init(&problems, 65536);
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	rest = languages_find(&pages.languages, STR("en"))->built_in;
	while (catalogue_next(&rest, &key, &phrase))
		if (!str_starts_with(key, STR("wait.")))
			buf_addf(&text, "%.*s = x\n", STR_ARG(key));
	buf_addz(&text, "wait.seconds = {{count}} s\nwait.minutes.other = {{count}} m\n"
			"wait.hours.one = 1 h\n");
	pages_close(&pages);
	write_file("phrases/it.txt", buf_z(&text));
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	pages_check_languages(&pages, &problems);
	assert_string_equal(buf_z(&problems),
			    "phrases/it.txt: missing, so in English: wait.hours.other\n");
	buf_done(&text);
	buf_done(&problems);
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
	assert_int_equal(catalogue_check(STR(" # a = b\n\n \na.b=\nc = d = e"), &why),
			 ERR_OK);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(catalogue_check(str_of(bad[i].text), &why), ERR_SYNTAX);
		assert_string_equal(why.text, bad[i].why);
	}
	write_file("phrases/de.txt", bad[0].text);
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_SYNTAX);
	assert_string_equal(why.text,
			    "share_dir: phrases/de.txt:5: a.b stands in line 2 already");
}

static void
has_four_catalogues_without_a_mistake(void **state)
{
	static const char *const compiled_in[] = { "en", "de", "es", "fr" };
	const struct language *language;
	struct buf problems;
	struct why why = { "" };

	(void)state;
	buf_init(&problems, 65536);
	for (size_t i = 0; i < COUNT(compiled_in); i++) {
		language = languages_find(&pages.languages, str_of(compiled_in[i]));
		assert_non_null(language);
		assert_true(language->built_in.n > 0);
		assert_int_equal(catalogue_check(language->built_in, &why), ERR_OK);
	}
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
		write_file("login/goodbye.html", broken[i]);
		write_file("phrases/de.txt", "goodbye.heading = Tsch\xc3\xbc\xc3\x9f\n");
		assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
		page_init(&page, &pages, &pages.languages.all[0], "goodbye");
		page_send(&page, 200, &res);
		is_well_formed(200);
		assert_true(shows("Bis zum n\xc3\xa4"
				  "chsten Mal."));
		assert_true(shows("<html lang=\"de\" dir=\"ltr\">"));
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
	assert_int_equal(pages_open_built_in(&pages, &c, all, NULL), ERR_OK);
	assert_true(pages.built_in);
	page_init(&page, &pages, &pages.languages.all[0], "goodbye");
	page_send(&page, 200, &res);
	is_well_formed(200);
	assert_true(shows("See you next time."));
	assert_true(shows("<html lang=\"en\" dir=\"ltr\">"));
}

static void
refuses_a_share_dir_that_it_cannot_use(void **state)
{
	struct config c = site("/nonexistent/share", "en");
	struct why why;

	(void)state;
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_IO);
	pages_close(&pages);

	c = site(directory, "en");
	write_file("login/login.html", "\xff");
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_SYNTAX);
	assert_non_null(strstr(why.text, "login/login.html"));
	pages_close(&pages);

	remove_file("login/login.html");
	c = site(directory, "nl");
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_NOT_FOUND);
	pages_close(&pages);
	c = site(directory, "../en");
	assert_int_equal(pages_open(&pages, &c, all, &why), ERR_SYNTAX);
}

/* The phrase wait.minutes for `count` in `tag`. */
static void
waits(const char *tag, const char *count, const char *expected)
{
	const struct language *language = languages_find(&pages.languages, str_of(tag));
	struct str text;

	assert_non_null(language);
	assert_true(languages_phrase(&pages.languages, language, STR("wait.minutes"),
				     str_of(count), &text));
	assert_string_equal(str_is(text, expected) ? expected : text.p, expected);
}

static void
chooses_the_form_of_a_phrase_by_its_number(void **state)
{
	struct config c = site(directory, "en");

	(void)state;
	write_file("phrases/pl.txt", "wait.minutes.one = jedn\n"
				     "wait.minutes.few = {{count}} few\n"
				     "wait.minutes.other = {{count}} other\n");
	write_file("phrases/it.txt", "wait.minutes = {{count}} minuti\n");
	write_file("phrases/de.txt", "wait.minutes.other = {{count}} min\n");
	assert_int_equal(pages_open(&pages, &c, all, NULL), ERR_OK);
	waits("en", "1", "a minute");
	waits("en", "2", "{{count}} minutes");
	waits("fr", "0", "une minute");
	waits("pl", "3", "{{count}} few");
	waits("pl", "5", "{{count}} other");  /* there is no wait.minutes.many */
	waits("it", "1", "{{count}} minuti"); /* one row for all numbers */
	waits("de", "1", "einer Minute");     /* ours, beside the site's own */
	waits("de", "7", "{{count}} min");
	waits("en", "", "{{count}} minutes");
}

static void
reads_phrases_by_their_whole_key(void **state)
{
	struct str c =
		STR("# a = remark\na.b = one\n  c =  two = 2  \nempty =\nlast = end");
	struct str text;

	(void)state;
	assert_true(catalogue_find(c, STR("a.b"), &text) && str_is(text, "one"));
	assert_true(catalogue_find(c, STR("c"), &text) && str_is(text, "two = 2"));
	assert_true(catalogue_find(c, STR("last"), &text) && str_is(text, "end"));
	assert_false(catalogue_find(c, STR("a"), &text));
	assert_false(catalogue_find(c, STR("# a"), &text));
	assert_false(catalogue_find(c, STR("empty"), &text));
	assert_false(catalogue_find(c, STR(""), &text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shows_the_login_form, setup, teardown),
		cmocka_unit_test_setup_teardown(ties_the_problem_to_its_fields, setup,
						teardown),
		cmocka_unit_test_setup_teardown(offers_passkeys_where_the_site_has_them,
						setup, teardown),
		cmocka_unit_test_setup_teardown(links_to_where_the_settings_say, setup,
						teardown),
		cmocka_unit_test_setup_teardown(has_a_page_for_each_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(answers_500_when_a_page_cannot_be_made,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			lets_forms_lead_to_the_listed_origins_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
			lets_the_forms_of_one_page_lead_to_one_more_place, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			lets_the_one_script_run_where_the_row_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(
			takes_files_and_another_language_from_share_dir, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(gives_each_request_its_language,
						setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			takes_what_a_language_lacks_from_the_sites_own_english,
			setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(refuses_more_languages_than_it_can_hold,
						setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			holds_the_templates_of_its_own_folders_only, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(names_the_files_that_nothing_reads,
						setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			takes_what_the_sites_own_german_lacks_from_ours, setup_directory,
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
		cmocka_unit_test_setup_teardown(names_the_phrases_that_a_language_lacks,
						setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			asks_for_one_row_of_a_phrase_with_a_number, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(
			refuses_a_catalogue_that_says_a_thing_twice, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(has_four_catalogues_without_a_mistake,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_broken_template_gives_way_to_the_built_in_one, setup_directory,
			teardown_directory),
		cmocka_unit_test_setup_teardown(the_built_in_pages_need_no_share_dir,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_share_dir_that_it_cannot_use,
						setup_directory, teardown_directory),
		cmocka_unit_test_setup_teardown(
			chooses_the_form_of_a_phrase_by_its_number, setup_directory,
			teardown_directory),
		cmocka_unit_test(reads_phrases_by_their_whole_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
