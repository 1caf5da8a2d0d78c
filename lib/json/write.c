#include <jansson.h>

#include "json/json.h"

/* A value or a name that does not stand first has a comma before it. */
static bool
stands_first(const struct buf *b)
{
	char last = b->n == 0 ? '\0' : b->p[b->n - 1];

	return last == '\0' || last == '{' || last == '[' || last == ':';
}

static void
separate(struct buf *b)
{
	if (!stands_first(b))
		buf_addc(b, ',');
}

void
json_put_open(struct buf *b, char bracket)
{
	separate(b);
	buf_addc(b, bracket);
}

void
json_put_close(struct buf *b, char bracket)
{
	buf_addc(b, bracket);
}

/* What a string holds only as an escape (RFC 8259, 7). */
static const bool is_escaped[256] = {
	[0 ... 0x1f] = true,
	['"'] = true,
	['\\'] = true,
};

static void
put_escaped(struct buf *b, char c)
{
	if (c == '"' || c == '\\') {
		buf_addc(b, '\\');
		buf_addc(b, c);
	} else if (c == '\n') {
		buf_addz(b, "\\n");
	} else {
		buf_addf(b, "\\u%04x", (unsigned)c);
	}
}

/* With the comma before it, if there must be one. */
static void
put_text(struct buf *b, struct str text)
{
	size_t from = 0;

	if (!str_is_utf8(text))
		b->failed = true;
	buf_add(b, stands_first(b) ? STR("\"") : STR(",\""));
	for (size_t i = 0; i < text.n; i++) {
		if (!is_escaped[(unsigned char)text.p[i]])
			continue;
		buf_add(b, (struct str){ text.p + from, i - from });
		put_escaped(b, text.p[i]);
		from = i + 1;
	}
	buf_add(b, (struct str){ text.p + from, text.n - from });
	buf_addc(b, '"');
}

void
json_put_text_name(struct buf *b, struct str name)
{
	put_text(b, name);
	buf_addc(b, ':');
}

void
json_put_name(struct buf *b, const char *name)
{
	json_put_text_name(b, str_of(name));
}

void
json_put_str(struct buf *b, struct str text)
{
	put_text(b, text);
}

void
json_put_raw(struct buf *b, struct str json)
{
	separate(b);
	buf_add(b, json);
}

void
json_put_int(struct buf *b, int64_t value)
{
	separate(b);
	buf_addi(b, value);
}

void
json_put_bool(struct buf *b, bool value)
{
	json_put_raw(b, value ? STR("true") : STR("false"));
}

void
json_put_null(struct buf *b)
{
	json_put_raw(b, STR("null"));
}

static int
add_dumped(const char *bytes, size_t n, void *b)
{
	return buf_add(b, (struct str){ bytes, n }) ? 0 : -1;
}

void
json_put_value(struct buf *b, const struct json_t *value)
{
	separate(b);
	if (json_dump_callback(value, add_dumped, b, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
		b->failed = true;
}

void
json_put_member(struct buf *b, const char *name, struct str text)
{
	json_put_name(b, name);
	json_put_str(b, text);
}

void
json_put_member_int(struct buf *b, const char *name, int64_t value)
{
	json_put_name(b, name);
	json_put_int(b, value);
}

void
json_put_member_bool(struct buf *b, const char *name, bool value)
{
	json_put_name(b, name);
	json_put_bool(b, value);
}
