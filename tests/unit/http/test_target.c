#include "check.h"

#include <string.h>

#include "http/target.h"

static const char *const origins[] = { "https://app.example", "http://localhost:3000" };

static void
keeps_paths_of_this_site(void **state)
{
	static const char *const good[] = {
		"/",
		"/members/",
		"/members/index.html?page=2&sort=name",
		"/a//b",
		"/a/../b",
		"/m%C3%BCller/100%25",
		"/my%20file.txt",
		"/search?q=%2F%2Fevil.com",
		"/oauth?redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=a.b",
		"/x?next=//evil.com",
		"/x?next=https://evil.com/",
		"/@someone",
		"/a:b",
		"/~user/;v=1",
		"/?",
		"/a?b?c",
		"/?q={a|b}^`",
		"/.well-known/x",
		"/.",
		"/..",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		if (!target_is_path(str_of(good[i])))
			fail_msg("refused: %s", good[i]);
		assert_true(target_is_allowed(str_of(good[i]), NULL, 0));
	}
}

/*
 * Open-redirect payloads: the kinds that OWASP's cheat sheet, PayloadsAllTheThings,
 * the Burp and Oralyzer lists and past advisories know of.
 */
static const char *const payloads[] = {
	"",
	"evil.com",
	"https:evil.com",
	"http:evil.com",
	"https://evil.com",
	"http://evil.com/",
	"HTTPS://evil.com",
	"hTtPs://evil.com",
	"https:///evil.com",
	"https:/evil.com",
	"https:\\\\evil.com",
	"https:/\\evil.com",
	"//evil.com",
	"///evil.com",
	"////evil.com",
	"/////evil.com/",
	"//evil%E3%80%82com",
	"//evil.com/%2f..",
	"//evil.com/%2e%2e",
	"//evil.com%00.site.example",
	"//site.example@evil.com",
	"//site.example:80@evil.com",
	"//evil.com#site.example",
	"//evil.com?site.example",
	"//%65vil.com",
	"//0x7f000001",
	"//[::1]/",
	"/\\evil.com",
	"/\\/evil.com",
	"/\\\\evil.com",
	"\\/evil.com",
	"\\/\\/evil.com/",
	"\\\\evil.com",
	"\\evil.com",
	"/a\\b",
	"/\t/evil.com",
	"/\n/evil.com",
	"/\r/evil.com",
	"/ /evil.com",
	"\t//evil.com",
	" //evil.com",
	"\n//evil.com",
	"\x01https://evil.com",
	"/\x7f/evil.com",
	"/%09/evil.com",
	"/%0a/evil.com",
	"/%0d/evil.com",
	"/%0d%0aLocation:%20http://evil.com",
	"/%0D%0ASet-Cookie:x=1",
	"/%00/evil.com",
	"/%01/evil.com",
	"/%1f/evil.com",
	"/%7f/evil.com",
	"/%5cevil.com",
	"/%5Cevil.com",
	"/%5c%5cevil.com",
	"/%5c/evil.com",
	"/%2f%5cevil.com",
	"/%255cevil.com",
	"/%25255cevil.com",
	"/%2fevil.com",
	"/%2Fevil.com",
	"/%2f%2fevil.com",
	"/%252fevil.com",
	"/%252f%252fevil.com",
	"/%25252fevil.com",
	"%2f%2fevil.com",
	"%2fevil.com",
	"/.//evil.com",
	"/./%2fevil.com",
	"/././/evil.com",
	"//..",
	"//../evil.com",
	"//evil.com/..",
	"//evil.com/../..",
	"//evil.com/../../x",
	"/.//evil.com/../../x",
	"/%2f..",
	"/%2fevil.com/%2e%2e/%2e%2e/x",
	"/..//evil.com",
	"/../..//evil.com",
	"/%2e//evil.com",
	"/%2e%2e//evil.com",
	"/%2e%2e%2f%2fevil.com",
	"/%252e//evil.com",
	"/a/..//evil.com",
	"/a/%2e%2e//evil.com",
	"/a/b/../..//evil.com",
	"/%2e%2e/%2f%2fevil.com",
	"./evil.com",
	"../evil.com",
	".evil.com",
	"@evil.com",
	":@evil.com",
	"?next=//evil.com",
	"#//evil.com",
	"/#//evil.com",
	"/x#y",
	"javascript:alert(1)",
	"javascript://%0aalert(1)",
	"JaVaScRiPt:alert(1)",
	"java%0d%0ascript%0d%0a:alert(0)",
	"data:text/html,<script>alert(1)</script>",
	"vbscript:msgbox(1)",
	"file:///etc/passwd",
	"ftp://evil.com",
	"blob:https://evil.com/1",
	"/<script>",
	"/\"onmouseover=",
	"/\xe2\x81\x84"
	"evil.com",
	"/\xef\xbc\x8f"
	"evil.com",
	"/\xe3\x80\xb1"
	"evil.com",
	"/%e2%81%84evil.com",
	"/%e2%88%95evil.com",
	"/%ef%bc%8fevil.com",
	"/%EF%BC%8Fevil.com",
	"/%ef%bc%bcevil.com",
	"/%25ef%25bc%258fevil.com",
	"/%c0%afevil.com",
	"/%c1%9cevil.com",
	"/%e0%80%afevil.com",
	"/%ffevil.com",
	"/%c2%85/evil.com",
	"/%e2%80%a8/evil.com",
	"/%",
	"/%2",
	"/%zz",
	"/%u2215evil.com",
	"*",
	"site.example/x",
	"/?%0d%0aSet-Cookie:x=1",
	"/?x=%00",
};

static void
refuses_every_published_trick(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(payloads); i++) {
		if (target_is_path(str_of(payloads[i])))
			fail_msg("accepted: %s", payloads[i]);
		if (target_is_allowed(str_of(payloads[i]), origins, COUNT(origins)))
			fail_msg("accepted: %s", payloads[i]);
	}
	assert_false(target_is_path((struct str){ "/a\0b", 4 }));
}

static void
refuses_any_single_control_byte_space_or_high_byte_anywhere(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[] = { '/', 'a', (char)c, 'b' };
		struct str t = { text, sizeof(text) };

		if (c <= 0x20 || c >= 0x7f)
			assert_false(target_is_path(t));
	}
}

static void
refuses_what_is_too_long_or_encoded_without_end(void **state)
{
	char text[TARGET_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	assert_true(target_is_path((struct str){ text, TARGET_MAX }));
	assert_false(target_is_path((struct str){ text, TARGET_MAX + 1 }));
	memset(text, '/', sizeof(text));
	assert_false(target_is_path((struct str){ text, TARGET_MAX }));
	strcpy(text, "/%25");
	for (int i = 0; i < 40; i++)
		strcat(text, "25");
	strcat(text, "2f");
	assert_false(target_is_path(str_of(text)));
}

static void
other_origins_only_from_the_list(void **state)
{
	static const char *const good[] = { "https://app.example", "https://app.example/",
					    "https://app.example/x?y=1",
					    "http://localhost:3000/cb" };
	static const char *const bad[] = {
		"https://app.example.evil.com/",
		"https://app.example@evil.com/",
		"https://app.example:443/",
		"https://app.example:8443/",
		"https://app.example:80@evil.com/",
		"http://app.example/",
		"https://APP.example/",
		"https://app.example.",
		"https://app.example\\@evil.com/",
		"https://app.example%2eevil.com/",
		"https://app.example/%0d%0aSet-Cookie:x=1",
		"https://app.example//evil.com",
		"https://app.example?x",
		"https://app.example#x",
		"https://evil.com/https://app.example/",
		"https://user:pass@app.example/",
		"http://localhost:30000/",
		"http://localhost/",
		"//app.example/",
		"app.example",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(target_is_allowed(str_of(good[i]), origins, COUNT(origins)));
		assert_false(target_is_allowed(str_of(good[i]), NULL, 0));
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (target_is_allowed(str_of(bad[i]), origins, COUNT(origins)))
			fail_msg("accepted: %s", bad[i]);
}

static void
knows_an_origin_as_browsers_write_it(void **state)
{
	static const char *const good[] = { "https://a.example", "http://localhost:8080",
					    "http://127.0.0.1", "https://[::1]:8443",
					    "http://a-b.c:443" };
	static const char *const bad[] = {
		"",
		"https://",
		"http://:80",
		"a.example",
		"https://a.example/",
		"https://A.example",
		"HTTPS://a.example",
		"https://a.example:443",
		"http://a.example:80",
		"https://a.example:0",
		"https://a.example:65536",
		"https://a.example:08443",
		"https://a.example:",
		"https://u@a.example",
		"https://a_b",
		"null",
		"*",
		"ftp://a.example",
		"https://[::1",
		"https://a b",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(target_is_origin(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (target_is_origin(str_of(bad[i])))
			fail_msg("accepted: %s", bad[i]);
	assert_true(
		str_is(target_origin(STR("https://a.example/x?y")), "https://a.example"));
	assert_int_equal(target_origin(STR("https://a.example\\x/")).n, 0);
}

/* doctor took http://localhost.evil.com for this host, by its first letters. */
static void
a_name_that_begins_like_this_hosts_is_another(void **state)
{
	static const char *const good[] = {
		"http://localhost",       "http://localhost:8080",
		"https://localhost/x?y",  "http://127.0.0.1:1/",
		"http://[::1]",           "http://[::1]:8080/",
		"http://www.localhost/x", "http://LocalHost:8080/",
		"http://localhost?x",
	};
	static const char *const bad[] = {
		"http://localhost.evil.com",
		"http://localhostevil.com/",
		"http://127.0.0.1.evil.com/",
		"http://[::1].evil.com/",
		"http://[::1]evil",
		"http://localhost@evil.com/",
		"http://localhost:80@evil.com/",
		"http://evil.com/http://localhost/",
		"http://evil.com?.localhost",
		"http://evil.com#.localhost",
		"http://evil.com\\.localhost@x/",
		"http://evillocalhost/",
		"http://.localhost/",
		"http://localhost:x/",
		"ftp://localhost/",
		"localhost",
		"http://",
		"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!target_leads_to_loopback(str_of(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (target_leads_to_loopback(str_of(bad[i])))
			fail_msg("accepted: %s", bad[i]);
}

static void
the_way_to_the_login_carries_only_a_path_of_this_site(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 200);
	assert_true(target_login(&b, STR("/login"), STR("/a b")));
	assert_string_equal(buf_z(&b), "/login");
	buf_clear(&b);
	assert_true(target_login(&b, STR("/login"), STR("//evil.com")));
	assert_string_equal(buf_z(&b), "/login");
	buf_clear(&b);
	assert_true(target_login(&b, STR("/login"), STR("/x?a=1&b=%2B+c")));
	assert_string_equal(buf_z(&b), "/login?return_to=/x%3Fa%3D1%26b%3D%252B%2Bc");
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_paths_of_this_site),
		cmocka_unit_test(refuses_every_published_trick),
		cmocka_unit_test(
			refuses_any_single_control_byte_space_or_high_byte_anywhere),
		cmocka_unit_test(refuses_what_is_too_long_or_encoded_without_end),
		cmocka_unit_test(other_origins_only_from_the_list),
		cmocka_unit_test(knows_an_origin_as_browsers_write_it),
		cmocka_unit_test(a_name_that_begins_like_this_hosts_is_another),
		cmocka_unit_test(the_way_to_the_login_carries_only_a_path_of_this_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
