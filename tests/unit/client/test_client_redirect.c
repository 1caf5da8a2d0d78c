#include "check.h"

#include <string.h>

#include "client/client_redirect.h"

struct judged {
	const char *uri;
	enum client_redirect_fault fault;
};

static void
an_address_may_be_registered_if_only_its_client_can_be_there(void **state)
{
	static const char *const good[] = {
		"https://app.example/cb",
		"https://app.example",
		"https://app.example?x=1",
		"https://App.Example:443/cb",
		"https://app.example:8443/apps/oidc/code?provider=1&x=%20",
		"https://[2001:db8::1]/cb",
		"https://xn--mnchen-3ya.example/~user/(a)/'b';c=1,2",
		"http://localhost/cb",
		"http://app.localhost:8080/cb",
		"http://127.0.0.1:8080/cb",
		"http://[::1]/cb",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (client_redirect_judge(str_of(good[i]), false) != CLIENT_REDIRECT_GOOD)
			fail_msg("refused: %s", good[i]);
}

static void
every_other_address_is_refused_for_a_named_reason(void **state)
{
	static const struct judged bad[] = {
		{ "", CLIENT_REDIRECT_LENGTH },
		{ "https://app.example/a b", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/\n", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/m\xc3\xbc", CLIENT_REDIRECT_BYTES },
		{ "https://app.example\\@evil.example/", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/<", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/{x}", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/%0d%0aX:1", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/%7f", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/%", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/%zz", CLIENT_REDIRECT_BYTES },
		{ "https://app.example/cb#x", CLIENT_REDIRECT_FRAGMENT },
		{ "https://app.example/cb#", CLIENT_REDIRECT_FRAGMENT },
		{ "/cb", CLIENT_REDIRECT_SCHEME },
		{ "app.example/cb", CLIENT_REDIRECT_SCHEME },
		{ "//app.example/cb", CLIENT_REDIRECT_SCHEME },
		{ "HTTPS://app.example/cb", CLIENT_REDIRECT_SCHEME },
		{ "javascript:alert(1)", CLIENT_REDIRECT_SCHEME },
		{ "data:text/html,x", CLIENT_REDIRECT_SCHEME },
		{ "myapp:/cb", CLIENT_REDIRECT_SCHEME },
		{ "com.example.app:cb", CLIENT_REDIRECT_SCHEME },
		{ "com.example.app", CLIENT_REDIRECT_SCHEME },
		{ ".example:/cb", CLIENT_REDIRECT_SCHEME },
		{ "com.:/cb", CLIENT_REDIRECT_SCHEME },
		{ "com..app:/cb", CLIENT_REDIRECT_SCHEME },
		{ "urn:ietf:wg:oauth:2.0:oob", CLIENT_REDIRECT_SCHEME },
		{ "http://app.example/cb", CLIENT_REDIRECT_PLAIN },
		{ "http://localhost.evil.example/cb", CLIENT_REDIRECT_PLAIN },
		{ "http://127.0.0.1.evil.example/cb", CLIENT_REDIRECT_PLAIN },
		{ "http://127.0.0.2/cb", CLIENT_REDIRECT_PLAIN },
		{ "https:/app.example/cb", CLIENT_REDIRECT_HOST },
		{ "https:///cb", CLIENT_REDIRECT_HOST },
		{ "https://user:pass@app.example/cb", CLIENT_REDIRECT_HOST },
		{ "https://app.example@evil.example/cb", CLIENT_REDIRECT_HOST },
		{ "http://localhost:80@evil.example/cb", CLIENT_REDIRECT_HOST },
		{ "https://app.example:0/cb", CLIENT_REDIRECT_HOST },
		{ "https://app.example:65536/cb", CLIENT_REDIRECT_HOST },
		{ "https://app.example:/cb", CLIENT_REDIRECT_HOST },
		{ "https://app.example:443:443/cb", CLIENT_REDIRECT_HOST },
		{ "https://*.example/cb", CLIENT_REDIRECT_HOST },
		{ "https://app%2eexample/cb", CLIENT_REDIRECT_HOST },
		{ "com.example.app:/cb", CLIENT_REDIRECT_PRIVATE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		enum client_redirect_fault fault =
			client_redirect_judge(str_of(bad[i].uri), false);

		if (fault != bad[i].fault)
			fail_msg("%s: %d", bad[i].uri, fault);
		assert_true(strlen(client_redirect_fault_text(fault)) > 5);
		if (fault != CLIENT_REDIRECT_PRIVATE &&
		    client_redirect_judge(str_of(bad[i].uri), true) != fault)
			fail_msg("good for a public client: %s", bad[i].uri);
	}
	assert_int_equal(client_redirect_judge((struct str){ "https://a\0b/", 12 }, true),
			 CLIENT_REDIRECT_BYTES);
}

static void
a_scheme_of_its_own_is_for_a_client_without_a_secret(void **state)
{
	(void)state;
	assert_int_equal(client_redirect_judge(STR("com.example.app:/cb"), true),
			 CLIENT_REDIRECT_GOOD);
	assert_int_equal(client_redirect_judge(STR("com.example.app://host/cb"), true),
			 CLIENT_REDIRECT_GOOD);
}

static void
an_address_that_is_too_long_is_refused_and_never_cut(void **state)
{
	char text[CLIENT_REDIRECT_MAX + 1];
	struct str longest = { text, CLIENT_REDIRECT_MAX };

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "https://app.example/", 20);
	assert_int_equal(client_redirect_judge(longest, false), CLIENT_REDIRECT_GOOD);
	assert_true(client_redirect_matches(longest, longest));
	longest.n++;
	assert_int_equal(client_redirect_judge(longest, false), CLIENT_REDIRECT_LENGTH);
	assert_false(client_redirect_matches(longest, longest));
	text[19] = 'a'; /* all of it a host */
	longest.n--;
	assert_int_equal(client_redirect_judge(longest, false), CLIENT_REDIRECT_HOST);
}

static void
only_the_registered_bytes_match(void **state)
{
	static const char *const others[] = {
		"",
		"https://app.example/cb?x=1",
		"https://app.example/cb?x=1&y=3",
		"https://app.example/cb?y=2&x=1",
		"https://app.example/cb?x=1&y=2&z=3",
		"https://app.example/cb?x=1&y=2#",
		"https://app.example/CB?x=1&y=2",
		"https://APP.example/cb?x=1&y=2",
		"https://app.example:443/cb?x=1&y=2",
		"https://app.example:8443/cb?x=1&y=2",
		"http://app.example/cb?x=1&y=2",
		"https://app.example/cb/?x=1&y=2",
		"https://app.example/./cb?x=1&y=2",
		"https://app.example/x/../cb?x=1&y=2",
		"https://app.example/%63b?x=1&y=2",
		"https://app.example.evil.example/cb?x=1&y=2",
		"https://app.example@evil.example/cb?x=1&y=2",
		"https://app.example/cb?x=1&y=2 ",
		" https://app.example/cb?x=1&y=2",
		"https://evil.example/?https://app.example/cb?x=1&y=2",
	};
	struct str registered = STR("https://app.example/cb?x=1&y=2");

	(void)state;
	assert_true(client_redirect_matches(registered, registered));
	for (size_t i = 0; i < COUNT(others); i++)
		if (client_redirect_matches(registered, str_of(others[i])))
			fail_msg("matches: %s", others[i]);
	assert_false(client_redirect_matches(STR(""), STR("")));
}

static void
on_loopback_any_port_is_the_same_address(void **state)
{
	static const char *const same[][2] = {
		{ "http://127.0.0.1/cb", "http://127.0.0.1:51004/cb" },
		{ "http://127.0.0.1:80/cb", "http://127.0.0.1/cb" },
		{ "http://127.0.0.1:8080", "http://127.0.0.1:1" },
		{ "http://[::1]/cb?x=1", "http://[::1]:65535/cb?x=1" },
		{ "http://localhost:3000/cb", "http://localhost:3001/cb" },
	};
	static const char *const others[][2] = {
		{ "http://127.0.0.1/cb", "http://127.0.0.1:51004/" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?x" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:0/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:65536/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:080/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:8@evil.example/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1:@evil.example/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb" },
		{ "http://127.0.0.1/cb", "http://127.0.0.1@evil.example/cb" },
		{ "http://127.0.0.1/cb", "http://localhost:8/cb" },
		{ "http://127.0.0.1/cb", "http://[::1]:8/cb" },
		{ "http://127.0.0.1/cb", "https://127.0.0.1:8/cb" },
		{ "http://127.0.0.1/cb", "http://127.1:8/cb" },
		{ "https://127.0.0.1:1/cb", "https://127.0.0.1:2/cb" },
		{ "https://localhost:1/cb", "https://localhost:2/cb" },
		{ "http://app.localhost:1/cb", "http://app.localhost:2/cb" },
		{ "http://localhost:1/cb", "http://localhost.evil.example:1/cb" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++)
		if (!client_redirect_matches(str_of(same[i][0]), str_of(same[i][1])))
			fail_msg("differs: %s", same[i][1]);
	for (size_t i = 0; i < COUNT(others); i++)
		if (client_redirect_matches(str_of(others[i][0]), str_of(others[i][1])))
			fail_msg("matches: %s", others[i][1]);
}

static void
a_list_holds_an_address_that_is_one_of_its_lines(void **state)
{
	struct str lines =
		STR("https://a.example/\nhttp://localhost/cb\nhttps://b.example/");

	(void)state;
	assert_true(client_redirect_is_listed(lines, STR("https://a.example/")));
	assert_true(client_redirect_is_listed(lines, STR("http://localhost:9/cb")));
	assert_true(client_redirect_is_listed(lines, STR("https://b.example/")));
	assert_false(client_redirect_is_listed(lines, STR("https://c.example/")));
	assert_false(client_redirect_is_listed(
		lines, STR("https://a.example/\nhttp://localhost/cb")));
	assert_false(client_redirect_is_listed(lines, STR("")));
	assert_false(client_redirect_is_listed(STR(""), STR("")));
	assert_false(client_redirect_is_listed(STR("\n"), STR("")));
}

static void
says_where_an_address_leads(void **state)
{
	static const char *const rows[][2] = {
		{ "https://App.Example:443/cb?x", "https://app.example" },
		{ "https://app.example:8443", "https://app.example:8443" },
		{ "http://localhost:80?x", "http://localhost" },
		{ "http://[::1]:8080/cb", "http://[::1]:8080" },
		{ "https://[2001:db8::1]/", "https://[2001:db8::1]" },
		{ "com.example.app:/cb", "com.example.app:" },
	};
	struct buf b;

	(void)state;
	buf_init(&b, CLIENT_REDIRECT_SOURCE);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&b);
		assert_true(client_redirect_origin(str_of(rows[i][0]), &b));
		assert_string_equal(buf_z(&b), rows[i][1]);
	}
	buf_clear(&b);
	assert_false(client_redirect_origin(STR("https://a@b/"), &b));
	assert_false(client_redirect_origin(STR("http://evil.example/"), &b));
	assert_int_equal(b.n, 0);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_address_may_be_registered_if_only_its_client_can_be_there),
		cmocka_unit_test(every_other_address_is_refused_for_a_named_reason),
		cmocka_unit_test(a_scheme_of_its_own_is_for_a_client_without_a_secret),
		cmocka_unit_test(an_address_that_is_too_long_is_refused_and_never_cut),
		cmocka_unit_test(only_the_registered_bytes_match),
		cmocka_unit_test(on_loopback_any_port_is_the_same_address),
		cmocka_unit_test(a_list_holds_an_address_that_is_one_of_its_lines),
		cmocka_unit_test(says_where_an_address_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
