#include "check.h"

#include "template/escape.h"

static void
check_html(struct str text, const char *expected)
{
	struct buf out;

	buf_init(&out, 1024);
	assert_true(escape_html(&out, text));
	assert_string_equal(buf_z(&out), expected);
	buf_done(&out);
}

static void
replaces_what_html_reads_as_markup(void **state)
{
	(void)state;
	check_html(STR("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
	check_html(STR("&amp;"), "&amp;amp;");
	check_html(STR(""), "");
	check_html(STR("line\n\tindented"), "line\n\tindented");
}

static void
keeps_utf8_and_replaces_what_is_none(void **state)
{
	(void)state;
	check_html(STR("z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\xaa"),
		   "z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\xaa");
	check_html(STR("\xff<"), "\xef\xbf\xbd&lt;");
	check_html(STR("\xc3<"), "\xef\xbf\xbd&lt;");
	check_html(STR("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");
	check_html(STR("a\0b\x1b\x7f\r"), "a\xef\xbf\xbd"
					  "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void
refuses_to_grow_past_the_ceiling(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 7);
	assert_false(escape_html(&out, STR("<<")));
	assert_true(out.failed);
	buf_done(&out);
}

static void
lets_only_fetchable_urls_into_a_link(void **state)
{
	static const char *const good[] = { "/",
					    "/login?return_to=%2Fx",
					    "mailto:help@a.example",
					    "https://a.example/x",
					    "http://a.example",
					    "otpauth://totp/a:b?secret=X" };
	static const char *const bad[] = { "",
					   "//evil.example",
					   "/\\evil.example",
					   "\\/evil.example",
					   "javascript:alert(1)",
					   "JaVaScRiPt:alert(1)",
					   "data:text/html,x",
					   "/\t/evil.example",
					   "/\n/evil.example",
					   " /x",
					   "x",
					   "vbscript:x",
					   "otpauth:alert(1)",
					   "https:/x" };
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(escape_html_url(&out, str_of(good[i])));
		assert_string_equal(buf_z(&out), good[i]);
		buf_clear(&out);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(escape_html_url(&out, str_of(bad[i])));
		assert_true(out.failed);
		assert_int_equal(out.n, 0);
		buf_clear(&out);
	}
	assert_true(escape_html_url(&out, STR("/a?b=\"c&d")));
	assert_string_equal(buf_z(&out), "/a?b=&quot;c&amp;d");
	buf_done(&out);
}

static void
encodes_all_but_the_unreserved_in_a_query(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	assert_true(escape_url(&out, STR("aZ09-._~ /?&=+%\"\xc3\xbc\0")));
	assert_string_equal(buf_z(&out), "aZ09-._~%20%2F%3F%26%3D%2B%25%22%C3%BC%00");
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_what_html_reads_as_markup),
		cmocka_unit_test(keeps_utf8_and_replaces_what_is_none),
		cmocka_unit_test(refuses_to_grow_past_the_ceiling),
		cmocka_unit_test(lets_only_fetchable_urls_into_a_link),
		cmocka_unit_test(encodes_all_but_the_unreserved_in_a_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
