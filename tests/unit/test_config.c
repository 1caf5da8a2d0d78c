#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/config_check.h"
#include "app/config_table.h"

#define SITE "public_url = https://example.org\n"
#define LOCAL "public_url = http://localhost:8080\n"

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

/* Each bad text with the complaint about it, after the file's name. */
static const struct {
	const char *text, *complaint;
} bad[] = {
	{ "", ": public_url is missing" },
	{ "\n# public_url = https://example.org\n", ": public_url is missing" },
	{ SITE "token_lief = 10m\n",
	  ":2: unknown setting token_lief; did you mean token_life?" },
	{ SITE "pubic_url = 1\n",
	  ":2: unknown setting pubic_url; did you mean public_url?" },
	{ SITE "colour = red\n",
	  ":2: unknown setting colour; `doorward config list` names them all" },
	{ SITE "\nToken_life = 10m\n",
	  ":3: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "token_life\n", ":2: expected `name = value`" },
	{ SITE " # indented\n", ":2: expected `name = value`" },
	{ SITE "= 1\n",
	  ":2: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "token life = 1\n",
	  ":2: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "site_name = a\nsite_name = b\n",
	  ":3: site_name was set in line 2 already" },
	{ SITE SITE, ":2: public_url was set in line 1 already" },
	{ SITE "site_name =\n", ":2: site_name: a value is missing" },
	{ SITE "site_name = a\001b\n", ":2: a control character in the value" },
	{ SITE "site_name = a\rb\n", ":2: a control character in the value" },
	{ SITE "site_name = \377\n", ":2: not UTF-8" },
	{ "\357\273\277" SITE,
	  ":1: the file starts with a byte order mark; save it as UTF-8 without BOM" },
	{ "\377\376p", ":1: the file is UTF-16; save it as UTF-8" },
	/* origins */
	{ "public_url = example.org\n",
	  ":1: public_url: expected https:// or http:// and a host" },
	{ "public_url = ftp://example.org\n",
	  ":1: public_url: expected https:// or http:// and a host" },
	{ "public_url = https://\n",
	  ":1: public_url: expected https:// or http:// and a host" },
	{ "public_url = https://example.org/\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://example.org?x\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://a b\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://Example.org\n",
	  ":1: public_url: write the host in lower case, as browsers do" },
	{ "public_url = https://example.org:443\n",
	  ":1: public_url: leave out the port that the scheme implies, as browsers do" },
	{ "public_url = https://example.org:0\n",
	  ":1: public_url: expected a port from 1 to 65535 after the colon" },
	{ "public_url = https://example.org:\n",
	  ":1: public_url: expected a port from 1 to 65535 after the colon" },
	{ "public_url = https://user@example.org\n",
	  ":1: public_url: leave out the user name" },
	{ "public_url = https://ex_ample.org\n",
	  ":1: public_url: a character that no host name has (write xn--… for others)" },
	{ "public_url = https://m\303\274nchen.example\n",
	  ":1: public_url: a character that no host name has (write xn--… for others)" },
	{ "public_url = https://example..org\n",
	  ":1: public_url: a host name neither starts nor ends with a dot, and has no "
	  "two "
	  "in a row" },
	{ "public_url = https://example.org.\n",
	  ":1: public_url: a host name neither starts nor ends with a dot, and has no "
	  "two "
	  "in a row" },
	{ "public_url = https://[::1\n",
	  ":1: public_url: expected an IPv6 address in lower case between brackets" },
	{ "public_url = https://[::1]8080\n",
	  ":1: public_url: expected a colon and a port after the host" },
	{ SITE "return_to_origins = https://a.example https://b.example/\n",
	  ":2: return_to_origins: expected nothing after the host and port, not even a "
	  "slash" },
	{ SITE "trusted_proxies = 10.0.0.1 10.0.0.0/33\n",
	  ":2: trusted_proxies: expected 0 to 32, of IPv6 to 128, bits after the slash" },
	{ SITE "trusted_proxies = ::1/x\n",
	  ":2: trusted_proxies: expected 0 to 32, of IPv6 to 128, bits after the slash" },
	{ SITE "trusted_proxies = 10.0.0/8\n",
	  ":2: trusted_proxies: expected an IPv4 or IPv6 address, or a network such as "
	  "10.0.0.0/8" },
	{ SITE "trusted_proxies = proxy.example\n",
	  ":2: trusted_proxies: expected an IPv4 or IPv6 address, or a network such as "
	  "10.0.0.0/8" },
	/* numbers */
	{ SITE "token_life = ten\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 1.5h\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 10 m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = -5m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 5s\n", ":2: token_life: expected 60 to 86400 seconds" },
	{ SITE "token_life = 99999999999999999d\n",
	  ":2: token_life: expected 60 to 86400 seconds" },
	{ SITE "password_memory = 1k\n",
	  ":2: password_memory: expected 8388608 to 1073741824 bytes" },
	{ SITE "password_memory = 19MB\n",
	  ":2: password_memory: expected bytes or a number with k, M or G" },
	{ SITE "password_time = 0\n", ":2: password_time: expected 1 to 32" },
	{ SITE "password_time = 02\n", ":2: password_time: expected a number" },
	/* words */
	{ SITE "plain_http = yes\n", ":2: plain_http: expected on or off" },
	{ SITE "plain_http = On\n", ":2: plain_http: expected on or off" },
	{ SITE "log_level = loud\n",
	  ":2: log_level: expected one of: debug info warn error" },
	{ SITE "token_header = X Token\n",
	  ":2: token_header: expected a header name of letters, digits and hyphens" },
	{ SITE "token_header = Cookie\n",
	  ":2: token_header: this header has a meaning of its own; choose another" },
	{ SITE "token_header = AUTHORIZATION\n",
	  ":2: token_header: this header has a meaning of its own; choose another" },
	/* the database */
	{ SITE "database = host=/run/postgresql password=x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database = password = x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database = dbname='a\\' b' sslpassword=x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database_login = postgresql://u:p@host/db\n",
	  ":2: database_login: expected keyword=value words such as "
	  "`host=/run/postgresql dbname=site`, not a URL" },
	{ SITE "database = site\n",
	  ":2: database: expected keyword=value words separated by spaces" },
	{ SITE "database = dbname='site\n",
	  ":2: database: a quote or backslash that is not finished" },
	{ SITE "database = dbname=site\\\n",
	  ":2: database: a quote or backslash that is not finished" },
	/* issuers */
	{ SITE "issuer.kc.color = x\n",
	  ":2: unknown setting issuer.kc.color; expected issuer.NAME. and one of url, "
	  "audience, keys, keys_url, type, roles_claim, roles" },
	{ SITE "issuer.url = x\n",
	  ":2: unknown setting issuer.url; expected issuer.NAME. and one of url, "
	  "audience, keys, keys_url, type, roles_claim, roles" },
	{ SITE "issuer.kc.url = a\nissuer.kc.url = b\n",
	  ":3: issuer.kc.url was set in line 2 already" },
	{ SITE "issuer.kc.url = a\nissuer.kc.keys = k\n",
	  ": issuer.kc.audience is missing" },
	{ SITE "issuer.a.url = https://example.org\nissuer.a.audience = x\n"
	       "issuer.a.keys = k\n",
	  ": issuer.a.url is our own issuer; its keys could then name our users" },
	{ SITE "issuer.a.url = u\nissuer.a.audience = x\nissuer.a.keys = k\n"
	       "issuer.a.roles = editor\n",
	  ": issuer.a.roles: expected theirs:ours, not editor" },
	{ SITE "issuer.a.url = u\nissuer.a.audience = x\nissuer.a.keys = k\n"
	       "issuer.b.url = u\nissuer.b.audience = x\nissuer.b.keys = k\n",
	  ": issuer.a.url and issuer.b.url are the same" },
	/* together */
	{ "public_url = http://example.org\n",
	  ": public_url is http:// although plain_http is off; use https://, or turn "
	  "plain_http on and accept what it says" },
	{ "public_url = http://localhost.example.org\n",
	  ": public_url is http:// although plain_http is off; use https://, or turn "
	  "plain_http on and accept what it says" },
	{ SITE "plain_http = on\n",
	  ": plain_http is on although public_url is https://; turn it off" },
	{ SITE "cookie_domain = ample.org\n",
	  ": cookie_domain ample.org is not the end of the host in public_url, "
	  "example.org" },
	{ SITE "cookie_domain = www.example.org\n",
	  ": cookie_domain www.example.org is not the end of the host in public_url, "
	  "example.org" },
	{ SITE "cookie_domain = org\n",
	  ": cookie_domain org is a top-level domain, for which browsers refuse "
	  "cookies" },
	{ SITE "cookie_domain = .example.org\n",
	  ":2: cookie_domain: a host name neither starts nor ends with a dot, and has no "
	  "two in a row" },
	{ "public_url = https://192.0.2.1\ncookie_domain = 2.1\n",
	  ": cookie_domain makes no sense where public_url is an address" },
	{ SITE "token_life = 2h\n",
	  ": browser_token_life is shorter than token_life; it is the longer one" },
	{ SITE "session_idle = 200d\n", ": session_life is shorter than session_idle" },
	{ SITE "token_encryption = on\n",
	  ": token_encryption is on although encryption_keys is missing" },
	{ SITE "cors_credentials = on\n",
	  ": cors_credentials is on although cors_origins is empty" },
};

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
	assert_int_equal(config_load("/tmp", &c, &why), ERR_IO);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(config_load(path, &c, &why), ERR_IO);
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
			assert_non_null(s->standard);
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
