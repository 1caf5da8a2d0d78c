/*
 * Templates with any value in them, and any template: what comes out is whole
 * UTF-8, and a value never opens a tag or leaves its quotes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "template/escape.h"
#include "template/template.h"

#define OUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
phrase(const void *arg, struct str key, struct str count, struct str *text)
{
	(void)key;
	(void)count;
	*text = *(const struct str *)arg;
	return true;
}

/* The values as text, in an attribute, as a URL, in a query, within a phrase. */
static void
check_values(struct str value)
{
	const struct template_field field = { "v", TEMPLATE_TEXT, .text = value };
	const struct template_scope scope = { &field, 1 };
	const struct str hello = STR("hello {{v}}");
	const struct template_source source = { NULL, phrase, &hello };
	struct buf out;

	buf_init(&out, OUT_MAX);
	if (template_render(&source,
			    STR("\x01{{v}}{{text:x}}<a title=\"{{v}}\" "
				"href=\"/?{{query:v}}\">\x02"),
			    &scope, &out, NULL) == ERR_OK) {
		struct str s = buf_str(&out);
		size_t brackets = 0, quotes = 0;

		for (size_t i = 0; i < s.n; i++) {
			brackets += s.p[i] == '<' || s.p[i] == '>';
			quotes += s.p[i] == '"' || s.p[i] == '\'';
		}
		if (brackets != 2 || quotes != 4 || !str_is_utf8(s))
			abort();
	}
	buf_done(&out);
	buf_init(&out, OUT_MAX);
	if (escape_html_url(&out, value) && out.p[0] != '/' &&
	    memcmp(out.p, "http", 4) != 0)
		abort();
	buf_done(&out);
}

static void
check_template(struct str text)
{
	const struct template_field item = { "v", TEMPLATE_TEXT, .text = { "<", 1 } };
	const struct template_scope items[] = { { &item, 1 }, { &item, 1 } };
	const struct template_field fields[] = {
		{ "v", TEMPLATE_TEXT, .text = { "\"><script>", 10 } },
		{ "f", TEMPLATE_FLAG, .on = true },
		{ "p", TEMPLATE_PHRASE, .text = { "p", 1 } },
		{ "l", TEMPLATE_LIST, .items = items, .n_items = 2 },
	};
	const struct template_scope scope = { fields, 4 };
	const struct str plain = STR("<script>");
	const struct template_source source = { NULL, phrase, &plain };
	struct buf out;
	enum err e;

	buf_init(&out, OUT_MAX);
	e = template_render(&source, text, &scope, &out, NULL);
	if ((e == ERR_OK) == out.failed)
		abort();
	if (e == ERR_OK && strcasestr(buf_z(&out), "<script") != NULL)
		abort();
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	check_values(text);
	check_template(text);
	return 0;
}
