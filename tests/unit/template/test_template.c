#include "check.h"

#include <string.h>

#include "template/template.h"

static bool
part(const void *arg, struct str name, struct str *text)
{
	(void)arg;
	if (str_is(name, "part"))
		*text = STR("<b>{{name}}</b>");
	else if (str_is(name, "loop"))
		*text = STR("{{>loop}}");
	else if (str_is(name, "torn"))
		*text = STR("<b");
	else
		return false;
	return true;
}

static bool
phrase(const void *arg, struct str key, struct str count, struct str *text)
{
	(void)arg;
	if (str_is(key, "greeting"))
		*text = STR("Hello <{{name}}> & welcome");
	else if (str_is(key, "sections"))
		*text = STR("{{#yes}}x{{/yes}}");
	else if (str_is(key, "self"))
		*text = STR("{{text:self}}");
	else if (str_is(key, "counted"))
		*text = str_is(count, "1") ? STR("one") : STR("{{count}} of <them>");
	else
		return false;
	return true;
}

static const struct template_source source = { part, phrase, NULL };

static const struct template_field one[] = {
	{ "item", TEMPLATE_TEXT, .text = { "1", 1 } },
	{ "name", TEMPLATE_TEXT, .text = { "in", 2 } }
};
static const struct template_field two[] = {
	{ "item", TEMPLATE_TEXT, .text = { "<2>", 3 } },
	{ "count", TEMPLATE_TEXT, .text = { "1", 1 } }
};
static const struct template_scope items[] = { { one, 2 }, { two, 2 } };

static const struct template_field fields[] = {
	{ "name", TEMPLATE_TEXT, .text = { "A<\"'&", 5 } },
	{ "empty", TEMPLATE_TEXT, .text = { "", 0 } },
	{ "yes", TEMPLATE_FLAG, .on = true },
	{ "no", TEMPLATE_FLAG },
	{ "greet", TEMPLATE_PHRASE, .text = { "greeting", 8 } },
	{ "list", TEMPLATE_LIST, .items = items, .n_items = 2 },
	{ "none", TEMPLATE_LIST },
	{ "path", TEMPLATE_TEXT, .text = { "/x?a=1&b", 8 } },
	{ "script", TEMPLATE_TEXT, .text = { "javascript:x", 12 } },
	{ "count", TEMPLATE_TEXT, .text = { "7", 1 } },
};
static const struct template_scope scope = { fields, COUNT(fields) };

static enum err
render(const char *text, struct buf *out)
{
	struct why why;

	buf_init(out, 512);
	return template_render(&source, str_of(text), &scope, out, &why);
}

static void
check(const char *text, const char *expected)
{
	struct buf out;

	assert_int_equal(render(text, &out), ERR_OK);
	assert_string_equal(buf_z(&out), expected);
	buf_done(&out);
}

static void
check_refused(const char *text, enum err expected)
{
	struct buf out;
	enum err e = render(text, &out);

	if (e != expected)
		print_error("%s: %s\n", text, err_text(e));
	assert_int_equal(e, expected);
	assert_true(out.failed);
	buf_done(&out);
}

static void
escapes_every_value(void **state)
{
	(void)state;
	check("", "");
	check("plain { text } }}", "plain { text } }}");
	check("<p>{{name}}</p>", "<p>A&lt;&quot;&#39;&amp;</p>");
	check("<p title=\"{{name}}\">", "<p title=\"A&lt;&quot;&#39;&amp;\">");
	check("<a href=\"{{url:path}}\">", "<a href=\"/x?a=1&amp;b\">");
	check("<a href=\"/y?z={{query:path}}\">", "<a href=\"/y?z=%2Fx%3Fa%3D1%26b\">");
	check("a{{! not shown }}b", "ab");
}

static void
takes_phrases_for_text_and_not_for_html(void **state)
{
	(void)state;
	check("{{text:greeting}}", "Hello &lt;A&lt;&quot;&#39;&amp;&gt; &amp; welcome");
	check("{{greet}}", "Hello &lt;A&lt;&quot;&#39;&amp;&gt; &amp; welcome");
	check("<p title=\"{{greet}}\">x",
	      "<p title=\"Hello &lt;A&lt;&quot;&#39;&amp;&gt; &amp; welcome\">x");
	check_refused("{{text:nothing}}", ERR_NOT_FOUND);
	check_refused("{{text:sections}}", ERR_SYNTAX);
	check_refused("{{text:self}}", ERR_LIMIT);
	check_refused("<a href=\"{{text:greeting}}\">", ERR_SYNTAX);
	check_refused("<p {{text:greeting}}>", ERR_SYNTAX);
}

/* The number is the value `count` of the place: of the item, or else of the page. */
static void
takes_the_form_of_a_phrase_that_the_number_wants(void **state)
{
	(void)state;
	check("{{text:counted}}", "7 of &lt;them&gt;");
	check("{{#list}}{{text:counted}}, {{/list}}", "7 of &lt;them&gt;, one, ");
}

/* Its address is a value, and nothing is in it. */
static void
knows_the_one_form_of_a_script(void **state)
{
	(void)state;
	check("<script defer src=\"{{url:path}}\"></script>",
	      "<script defer src=\"/x?a=1&amp;b\"></script>");
	check("{{#yes}}<script defer src=\"{{url:path}}\"></script>{{/yes}}<p>",
	      "<script defer src=\"/x?a=1&amp;b\"></script><p>");
}

static void
follows_sections_and_lists(void **state)
{
	(void)state;
	check("{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}", "a");
	check("{{#no}}a{{/no}}{{^no}}b{{/no}}", "b");
	check("{{#name}}a{{/name}}{{#empty}}b{{/empty}}", "a");
	check("{{#yes}}{{#no}}x{{/no}}{{#yes}}y{{/yes}}{{/yes}}", "y");
	check("{{#list}}({{item}} {{name}}){{/list}}",
	      "(1 in)(&lt;2&gt; A&lt;&quot;&#39;&amp;)");
	check("{{#none}}x{{/none}}{{^none}}nothing{{/none}}", "nothing");
	check("<i{{#yes}} class=\"a\"{{/yes}}>", "<i class=\"a\">");
	check("{{>part}}{{#list}}{{>part}}{{/list}}",
	      "<b>A&lt;&quot;&#39;&amp;</b><b>in</b><b>A&lt;&quot;&#39;&amp;</b>");
}

static void
refuses_names_that_nobody_gave(void **state)
{
	(void)state;
	check_refused("{{missing}}", ERR_NOT_FOUND);
	check_refused("{{#missing}}{{/missing}}", ERR_NOT_FOUND);
	check_refused("{{^missing}}{{/missing}}", ERR_NOT_FOUND);
	check_refused("{{>missing}}", ERR_NOT_FOUND);
	check_refused("{{yes}}", ERR_SYNTAX);
	check_refused("{{list}}", ERR_SYNTAX);
}

static void
refuses_broken_tags(void **state)
{
	static const char *const broken[] = {
		"{{",
		"{{name",
		"{{name}",
		"{{}}",
		"{{ name }}",
		"{{NAME}}",
		"{{{name}}}",
		"{{&name}}",
		"{{raw:name}}",
		"{{#yes}}",
		"{{/yes}}",
		"{{#yes}}{{/no}}",
		"{{#yes}}{{#no}}{{/yes}}{{/no}}",
		"{{#}}{{/}}",
		"{{:name}}",
		"{{url:}}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++)
		check_refused(broken[i], ERR_SYNTAX);
}

static void
refuses_values_where_html_would_run_them(void **state)
{
	static const char *const places[] = {
		"<p {{name}}>",
		"<p title={{name}}>",
		"<p title='{{name}}'>",
		"<{{name}}>",
		"<p onclick=\"{{name}}\">",
		"<p OnClick=\"{{name}}\">",
		"<p style=\"{{name}}\">",
		"<iframe srcdoc=\"{{name}}\">",
		"<meta content=\"{{name}}\">",
		"<meta http-equiv=\"{{name}}\">",
		"<a xlink:href=\"{{name}}\">",
		"<a ping=\"{{name}}\">",
		"<body background=\"{{name}}\">",
		"<link imagesrcset=\"{{name}}\">",
		"<img srcset=\"{{name}}\">",
		"<video poster=\"{{name}}\">",
		"<object data=\"{{name}}\">",
		"<form target=\"{{name}}\">",
		"<link rel=\"{{name}}\">",
		"<input type=\"{{name}}\">",
		"<iframe allow=\"{{name}}\">",
		"<p of-tomorrow=\"{{name}}\">",
		"<p aria=\"{{name}}\">",
		"<a href=\"{{path}}\">",
		"<a HREF=\"{{path}}\">",
		"<form action=\"{{path}}\">",
		"<a href=\"{{query:path}}\">",
		"<a href=\"x{{url:path}}\">",
		"<a href=\"{{url:path}}{{url:path}}\">",
		"<p title=\"{{url:path}}\">",
		"{{url:path}}",
		"{{query:path}}",
		"<a href=\"{{url:script}}\">",
		"<script>{{name}}</script>",
		"<script></script>",
		"<script src=\"{{url:path}}\"></script>",
		"<script defer src=\"{{name}}\"></script>",
		"<script defer src=\"{{query:path}}\"></script>",
		"<script defer src=\"\"></script>",
		"<script defer src=\"/x.js\"></script>",
		"<script defer src=\"{{no}}\"></script>",
		"<script defer src=\"{{#no}}{{url:path}}{{/no}}\"></script>",
		"<script defer src=\"{{url:path}}.js\"></script>",
		"<script defer src=\"{{url:path}}\">{{name}}</script>",
		"<script defer src=\"{{url:path}}\"> </script>",
		"<script defer src=\"{{url:path}}\" onload=\"x\"></script>",
		"<script defer src=\"{{url:script}}\"></script>",
		"<SCRIPT src=\"/x\">",
		"<style>",
		"<scr{{! a remark }}ipt>",
		"<{{#yes}}script{{/yes}}>",
		"<s<script>",
		"<b title=\"x\"<script>",
		"<",
		"<p a'b>",
		"<p a=\"x\"\"y\">",
		"<p a=b=\"x\">",
		"<p/a=\"x\">",
		"<p\"x\">",
		"<p title=\"<b>\">",
		"<!-- <b> -->",
		"<p title=\"{{#yes}}\"{{/yes}}>",
		"{{#yes}}<p{{/yes}}>",
		"<p {{>part}}>",
		"{{>torn}}",
		"<p",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++)
		check_refused(places[i], ERR_SYNTAX);
}

static void
checks_a_template_without_its_values(void **state)
{
	static const char *const good[] = {
		"",
		"<p "
		"title=\"{{any}}\">{{#some}}{{what}}{{/some}}{{^more}}{{>part}}{{/more}}",
		"<a href=\"{{url:any}}\">{{text:greeting}}</a>",
	};
	static const char *const bad[] = { "{{",
					   "{{#some}}",
					   "{{#some}}<p{{/some}}>",
					   "{{^some}}<script>{{/some}}",
					   "<p {{any}}>",
					   "<a href=\"{{any}}\">",
					   "{{text:nothing}}",
					   "{{>missing}}",
					   "{{#some}}{{>loop}}{{/some}}" };
	struct why why;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_int_equal(template_check(&source, str_of(good[i]), NULL, &why),
				 ERR_OK);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_not_equal(template_check(&source, str_of(bad[i]), NULL, &why),
				     ERR_OK);
}

static void
is_bounded(void **state)
{
	char text[600];

	(void)state;
	check_refused("{{>loop}}", ERR_LIMIT);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	check_refused(text, ERR_MEMORY);
	memset(text, '{', 100);
	check_refused(text, ERR_SYNTAX);
}

/* Of a mail: no markup, no escapes, and a line end in a value begins no line. */
static void
renders_plain_text(void **state)
{
	static const struct template_source plain = { part, phrase, NULL, true };
	static const struct template_field lines[] = { { "name", TEMPLATE_TEXT,
							 .text = { "<A>\r\n& B", 8 } } };
	const struct template_scope of_lines = { lines, 1 };
	struct buf out;
	struct why why;

	(void)state;
	buf_init(&out, 1024);
	assert_int_equal(template_render(&plain, STR("<b {{name}} {{text:greeting}}"),
					 &of_lines, &out, &why),
			 ERR_OK);
	assert_string_equal(buf_z(&out), "<b <A>  & B Hello <<A>  & B> & welcome");
	buf_clear(&out);
	assert_int_equal(
		template_render(&plain, STR("{{url:name}}"), &of_lines, &out, &why),
		ERR_SYNTAX);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_every_value),
		cmocka_unit_test(takes_phrases_for_text_and_not_for_html),
		cmocka_unit_test(takes_the_form_of_a_phrase_that_the_number_wants),
		cmocka_unit_test(knows_the_one_form_of_a_script),
		cmocka_unit_test(follows_sections_and_lists),
		cmocka_unit_test(refuses_names_that_nobody_gave),
		cmocka_unit_test(refuses_broken_tags),
		cmocka_unit_test(refuses_values_where_html_would_run_them),
		cmocka_unit_test(checks_a_template_without_its_values),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(renders_plain_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
