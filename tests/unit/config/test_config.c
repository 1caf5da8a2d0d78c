#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config_factor.h"
#include "config/config_host.h"
#include "config/config_passkey.h"
#include "config/config_table.h"
#include "config_bad.h"

static struct buf problems;

static enum err
read_text(const char *text, size_t n, struct config *c)
{
	buf_done(&problems);
	buf_init(&problems, 1024 * 1024);
	return config_read_text("/etc/d/s.conf", (struct str){ text, n }, c, &problems);
}

static enum err
read_z(const char *text, struct config *c)
{
	return read_text(text, strlen(text), c);
}

static void
refuses_bad_settings_with_file_and_line(void **state)
{
	struct config c;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct str all, first;

		assert_int_equal(read_z(bad[i].text, &c), ERR_SYNTAX);
		all = buf_str(&problems);
		first = str_cut(&all, '\n');
		if (!str_starts_with(first, STR("/etc/d/s.conf")) ||
		    !str_is(str_sub(first, 13, first.n), bad[i].complaint))
			fail_msg("row %zu:\n  is     %.*s\n  wanted /etc/d/s.conf%s", i,
				 STR_ARG(first), bad[i].complaint);
		config_done(&c);
	}
}

static void
refuses_nul_and_excess(void **state)
{
	static char large[CONFIG_FILE_MAX + 2];
	struct config c;

	(void)state;
	assert_int_equal(read_text(SITE "x\0y", sizeof(SITE) + 2, &c), ERR_SYNTAX);
	assert_non_null(strstr(buf_z(&problems), ":2: a NUL byte"));
	config_done(&c);
	memset(large, '#', sizeof(large));
	assert_int_equal(read_text(large, CONFIG_FILE_MAX + 1, &c), ERR_SYNTAX);
	assert_non_null(strstr(buf_z(&problems), "larger than 1 MB"));
	config_done(&c);
	memset(large, 'x', 5000);
	large[5000] = '\n';
	assert_int_equal(read_text(large, 5001, &c), ERR_SYNTAX);
	assert_non_null(strstr(buf_z(&problems), ":1: the line is longer than 4096"));
	config_done(&c);
}

static void
gives_defaults_where_nothing_is_set(void **state)
{
	struct config c;

	(void)state;
	assert_int_equal(read_z(SITE, &c), ERR_OK);
	assert_string_equal(c.file, "/etc/d/s.conf");
	assert_string_equal(c.public_url, "https://example.org");
	assert_string_equal(c.issuer, "https://example.org");
	assert_string_equal(c.audience, "https://example.org");
	assert_string_equal(c.site_name, "example.org");
	assert_false(c.plain_http);
	assert_null(c.log);
	assert_non_null(strstr(c.mail_command, "/bin/doorward"));
	assert_null(c.database);
	assert_null(c.signing_keys);
	assert_int_equal(c.log_level, LOG_INFO);
	assert_int_equal(c.token_life, 600);
	assert_int_equal(c.browser_token_life, 3600);
	assert_int_equal(c.password_memory, 19 * 1024 * 1024);
	assert_int_equal(c.return_to_origins.n, 0);
	config_done(&c);
	assert_null(c.public_url);
}

static void
reads_each_kind(void **state)
{
	struct config c;
	const char *text = LOCAL "plain_http=on\r\n"
				 "\r\n"
				 "#comment\r\n"
				 "site_name =  A = # b  \r\n"
				 "signing_keys\t= keys dir\n"
				 "session_secret = /x/y\n"
				 "token_life = 15m\n"
				 "password_time = 3\n"
				 "log = log/doorward\n"
				 "log_level = error\n"
				 "database = host = /run dbname='a b\\'' user=x\\ y\n"
				 "database_login = service=login\n"
				 "return_to_origins = https://a.example  "
				 "\thttps://[::1]:8443\n"
				 "rule = /a/ open\n"
				 "rule = /b/ roles-any(x y)\n"
				 "trusted_proxies = 127.0.0.1 ::1 2001:db8::/32\n"
				 "token_header = X-Token";

	(void)state;
	assert_int_equal(read_z(text, &c), ERR_OK);
	assert_true(c.plain_http);
	assert_string_equal(c.site_name, "A = # b");
	assert_string_equal(c.signing_keys, "/etc/d/keys dir");
	assert_string_equal(c.session_secret, "/x/y");
	assert_int_equal(c.token_life, 900);
	assert_int_equal(c.password_time, 3);
	assert_string_equal(c.log, "/etc/d/log/doorward");
	assert_int_equal(c.log_level, LOG_ERROR);
	assert_string_equal(c.database, "host = /run dbname='a b\\'' user=x\\ y");
	assert_string_equal(c.database_login, "service=login");
	assert_string_equal(c.database_account, c.database);
	assert_int_equal(c.return_to_origins.n, 2);
	assert_string_equal(c.return_to_origins.items[1], "https://[::1]:8443");
	assert_int_equal(c.rules.n, 2);
	assert_string_equal(c.rules.items[1].text, "/b/ roles-any(x y)");
	assert_int_equal(c.rules.items[1].line, 16);
	assert_string_equal(c.token_header, "X-Token");
	config_done(&c);
}

static void
reads_other_issuers(void **state)
{
	struct config c;

	(void)state;
	assert_int_equal(read_z(SITE "issuer.kc.url = https://id.example/r/x\n"
				     "issuer.kc.audience = site\n"
				     "issuer.kc.keys = kc.json\n"
				     "issuer.kc.roles = editor:member boss:admin\n"
				     "issuer.b.url = b\nissuer.b.audience = b\n"
				     "issuer.b.keys = b.json\nissuer.b.type = none\n",
				&c),
			 ERR_OK);
	assert_int_equal(c.issuers.n, 2);
	assert_string_equal(c.issuers.items[0].name, "kc");
	assert_string_equal(c.issuers.items[0].url, "https://id.example/r/x");
	assert_string_equal(c.issuers.items[0].keys, "/etc/d/kc.json");
	assert_string_equal(c.issuers.items[0].type, "at+jwt");
	assert_int_equal(c.issuers.items[0].roles.n, 2);
	assert_string_equal(c.issuers.items[1].type, "none");
	config_done(&c);
}

static void
accepts_plain_http_on_this_host_alone(void **state)
{
	static const char *const good[] = {
		LOCAL,
		"public_url = http://127.0.0.1:8080\n",
		"public_url = http://[::1]:8080\n",
		"public_url = http://site.localhost\n",
		"public_url = http://example.org\nplain_http = on\n",
		SITE "cookie_domain = example.org\n",
		"public_url = https://www.example.org\ncookie_domain = example.org\n",
	};
	struct config c;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(read_z(good[i], &c), ERR_OK);
		config_done(&c);
	}
}

static void
requires_a_factor_of_those_it_names_from_that_day_on(void **state)
{
	struct str words[CONFIG_LIST_MAX];
	struct config c;
	int64_t day;

	(void)state;
	assert_true(config_day(STR("2028-02-29"), &day));
	assert_int_equal(day, 1835395200); /* date -ud 2028-02-29 +%s */
	assert_int_equal(read_z(SITE "factor_required = admin staff\n"
				     "factor_required_from = 2028-02-29\n",
				&c),
			 ERR_OK);
	assert_int_equal(config_factor_need(&c, day - 1, words), 0);
	assert_int_equal(config_factor_need(&c, day, words), 2);
	assert_true(str_is(words[0], "admin") && str_is(words[1], "staff"));
	config_done(&c);
	assert_int_equal(read_z(SITE "factor_required = all\n", &c), ERR_OK);
	assert_int_equal(config_factor_need(&c, 0, words), 1);
	assert_true(str_is(words[0], "all"));
	config_done(&c);
	assert_int_equal(read_z(SITE "factor_required =\n", &c), ERR_OK);
	assert_int_equal(config_factor_need(&c, day, words), 0);
	config_done(&c);
}

/* Browsers make passkeys for names on https:// and for localhost, and nowhere else. */
static void
has_passkeys_where_browsers_make_them(void **state)
{
	static const struct {
		const char *text, *rp_id, *last_origin;
	} sites[] = {
		{ SITE, "example.org", "https://example.org" },
		{ LOCAL, "localhost", "http://localhost:8080" },
		{ "public_url = https://www.example.org:8443\npasskey_rp_id = "
		  "example.org\n",
		  "example.org", "https://www.example.org:8443" },
		{ SITE "passkey_origins = https://example.org https://a.example.org\n",
		  "example.org", "https://a.example.org" },
		{ "public_url = https://192.0.2.1\n", NULL, "https://192.0.2.1" },
		{ "public_url = http://127.0.0.1:8080\n", NULL, "http://127.0.0.1:8080" },
		{ "public_url = http://[::1]:8080\n", NULL, "http://[::1]:8080" },
		{ "public_url = http://example.org\nplain_http = on\n", NULL,
		  "http://example.org" },
	};
	struct config c;

	(void)state;
	for (size_t i = 0; i < COUNT(sites); i++) {
		assert_int_equal(read_z(sites[i].text, &c), ERR_OK);
		assert_int_equal(config_passkey_obstacle(&c) == NULL,
				 sites[i].rp_id != NULL);
		if (sites[i].rp_id == NULL)
			assert_null(c.passkey_rp_id);
		else
			assert_string_equal(c.passkey_rp_id, sites[i].rp_id);
		assert_string_equal(c.passkey_origins.items[c.passkey_origins.n - 1],
				    sites[i].last_origin);
		config_done(&c);
	}
}

static void
names_every_problem_and_loads_none(void **state)
{
	struct config c;
	struct why why;
	char path[] = "/tmp/test_config_XXXXXX";
	int fd = mkstemp(path);
	const char text[] = "public_url = x\nfoo = 1\ntoken_life = 1\n";

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	buf_done(&problems);
	buf_init(&problems, 10000);
	assert_int_equal(config_read(path, &c, &problems), ERR_SYNTAX);
	assert_non_null(strstr(buf_z(&problems), ":1: "));
	assert_non_null(strstr(buf_z(&problems), ":2: "));
	assert_non_null(strstr(buf_z(&problems), ":3: "));
	config_done(&c);
	assert_int_equal(config_load(path, &c, &why), ERR_SYNTAX);
	assert_non_null(strstr(why.text, ":1: public_url"));
	assert_null(c.public_url);
	close(fd);
	unlink(path);
}

static void
refuses_files_that_are_no_settings(void **state)
{
	struct config c;
	struct why why;
	char path[] = "/tmp/test_config_XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, SITE, sizeof(SITE) - 1), sizeof(SITE) - 1);
	assert_int_equal(config_load(path, &c, &why), ERR_OK);
	config_done(&c);
	assert_int_equal(fchmod(fd, 0646), 0);
	assert_int_equal(config_load(path, &c, &why), ERR_PERMISSION);
	assert_non_null(strstr(why.text, "everyone may write"));
	close(fd);
	unlink(path);
	assert_int_equal(config_load(path, &c, &why), ERR_NOT_FOUND);
	assert_int_equal(config_load("/tmp", &c, &why), ERR_PERMISSION);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(config_load(path, &c, &why), ERR_PERMISSION);
	unlink(path);
}

static void
says_which_setting_a_program_needs(void **state)
{
	struct config c;
	struct why why;

	(void)state;
	assert_int_equal(read_z(SITE "signing_keys = k\n", &c), ERR_OK);
	assert_int_equal(config_need(&c, "signing_keys", &why), ERR_OK);
	assert_int_equal(config_need(&c, "database", &why), ERR_NOT_FOUND);
	assert_string_equal(
		why.text,
		"/etc/d/s.conf: database is missing, and this program needs it");
	config_done(&c);
}

static void
shows_what_it_reads_back(void **state)
{
	struct config c, again;
	struct buf shown;

	(void)state;
	assert_int_equal(read_z(LOCAL "token_life = 15m\nlog = /x\nlog_level = warn\n"
				      "cors_origins = https://a https://b\n",
				&c),
			 ERR_OK);
	buf_init(&shown, 100000);
	for (const struct setting *s = config_table; s->name != NULL; s++) {
		size_t before = shown.n;

		if (s->kind == SETTING_RULE)
			continue;
		buf_addf(&shown, "%s = ", s->name);
		setting_show(s, &c, &shown);
		if (shown.n == before + strlen(s->name) + 3)
			shown.n = before; /* unset */
		else
			buf_addc(&shown, '\n');
	}
	assert_int_equal(read_text(shown.p, shown.n, &again), ERR_OK);
	assert_int_equal(again.token_life, 900);
	assert_int_equal(again.log_level, LOG_WARN);
	assert_int_equal(again.cors_origins.n, 2);
	assert_int_equal(again.password_memory, c.password_memory);
	config_done(&c);
	config_done(&again);
	buf_done(&shown);
}

static void
has_a_sound_table(void **state)
{
	(void)state;
	for (const struct setting *s = config_table; s->name != NULL; s++) {
		assert_ptr_equal(setting_find(config_table, str_of(s->name)), s);
		assert_non_null(s->meaning);
		assert_true(str_ends_with(str_of(s->meaning), STR(".")));
		assert_true(strlen(s->name) <= CONFIG_NAME_MAX);
		assert_non_null(setting_kind_name(s->kind));
		if (s->same_as != NULL)
			assert_non_null(setting_find(config_table, str_of(s->same_as)));
		if (s->kind >= SETTING_BOOL && s->kind <= SETTING_NETWORKS)
			assert_true(s->default_text != NULL || s->same_as != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_bad_settings_with_file_and_line),
		cmocka_unit_test(refuses_nul_and_excess),
		cmocka_unit_test(gives_defaults_where_nothing_is_set),
		cmocka_unit_test(reads_each_kind),
		cmocka_unit_test(reads_other_issuers),
		cmocka_unit_test(accepts_plain_http_on_this_host_alone),
		cmocka_unit_test(requires_a_factor_of_those_it_names_from_that_day_on),
		cmocka_unit_test(has_passkeys_where_browsers_make_them),
		cmocka_unit_test(names_every_problem_and_loads_none),
		cmocka_unit_test(refuses_files_that_are_no_settings),
		cmocka_unit_test(says_which_setting_a_program_needs),
		cmocka_unit_test(shows_what_it_reads_back),
		cmocka_unit_test(has_a_sound_table),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_done(&problems);
	return failed;
}
