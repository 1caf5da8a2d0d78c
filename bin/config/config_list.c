/* doorward config list: the settings that exist. */
#include "bin/config/config_list.h"

#include <stdio.h>

#include "json/json.h"

#define OUT_MAX (1024 * 1024)

enum list_form { LIST_TEXT, LIST_JSON, LIST_MDOC };

/* A number with the largest unit that divides it: 400d, 8M. */
static void
put_number(enum setting_kind kind, int64_t n, struct buf *out)
{
	static const struct {
		enum setting_kind kind;
		int64_t unit;
		const char *letter;
	} units[] = {
		{ SETTING_DURATION, 86400, "d" },
		{ SETTING_DURATION, 3600, "h" },
		{ SETTING_DURATION, 60, "m" },
		{ SETTING_SIZE, INT64_C(1) << 30, "G" },
		{ SETTING_SIZE, INT64_C(1) << 20, "M" },
	};

	for (size_t i = 0; n > 0 && i < sizeof(units) / sizeof(*units); i++)
		if (kind == units[i].kind && n % units[i].unit == 0) {
			buf_addf(out, "%lld%s", (long long)(n / units[i].unit),
				 units[i].letter);
			return;
		}
	buf_addf(out, "%lld", (long long)n);
}

void
config_put_kind(const struct setting *s, struct buf *out)
{
	struct str words = str_of(s->words);

	if (s->kind == SETTING_CHOICE) {
		buf_add(out, str_cut(&words, ' '));
		while (words.n > 0) {
			buf_addc(out, '|');
			buf_add(out, str_cut(&words, ' '));
		}
		return;
	}
	buf_addz(out, setting_kind_name(s->kind));
	if (s->max > 0) {
		buf_addz(out, ", ");
		put_number(s->kind, s->min, out);
		buf_addz(out, " to ");
		put_number(s->kind, s->max, out);
	}
}

void
config_put_default(const struct setting *s, struct buf *out)
{
	if (s->required)
		buf_addz(out, "required");
	else if (s->default_text != NULL && s->default_text[0] != '\0')
		buf_addf(out, "default %s", s->default_text);
	else if (s->same_as != NULL)
		buf_addf(out, "default: the value of %s", s->same_as);
	else
		buf_addz(out, "default: none");
}

static void
put_json(const struct setting *s, const char *prefix, struct buf *out)
{
	struct buf name, kind, default_text;

	buf_init(&name, 256);
	buf_init(&kind, 256);
	buf_init(&default_text, 256);
	config_put_kind(s, &kind);
	buf_addf(&name, "%s%s", prefix, s->name);
	config_put_default(s, &default_text);
	json_put_open(out, '{');
	json_put_member(out, "name", buf_str(&name));
	json_put_member(out, "kind", buf_str(&kind));
	json_put_member(out, "default", buf_str(&default_text));
	json_put_member(out, "meaning", str_of(s->meaning));
	json_put_close(out, '}');
	buf_done(&name);
	buf_done(&kind);
	buf_done(&default_text);
}

/* An entry of the manual page; `make manual` puts them into it. */
static void
put_mdoc(const struct setting *s, const char *prefix, struct buf *out)
{
	buf_addf(out, ".It Ic %s%s Pq ", prefix, s->name);
	config_put_kind(s, out);
	buf_addz(out, " , ");
	config_put_default(s, out);
	buf_addc(out, '\n');
	for (const char *p = s->meaning; *p != '\0'; p++)
		if (*p == '`')
			buf_addz(out, "\\(ga");
		else
			buf_addc(out, *p);
	buf_addc(out, '\n');
}

static void
put_text(const struct setting *s, const char *prefix, struct buf *out)
{
	buf_addf(out, "%s%s (", prefix, s->name);
	config_put_kind(s, out);
	buf_addz(out, ", ");
	config_put_default(s, out);
	buf_addf(out, ")\n    %s\n", s->meaning);
}

static void
list_rows(const struct setting *table, const char *prefix, enum list_form form,
	  struct buf *out)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		if (form == LIST_JSON)
			put_json(s, prefix, out);
		else if (form == LIST_MDOC)
			put_mdoc(s, prefix, out);
		else
			put_text(s, prefix, out);
}

int
config_list_command(int argc, char **argv)
{
	bool json = false, mdoc = false, written;
	const struct command_option options[] = { { "json", .flag = &json },
						  { "mdoc", .flag = &mdoc },
						  { NULL } };
	enum list_form form;
	struct buf out;

	if (!command_options(&argc, argv, options) || argc != 1 || (json && mdoc))
		return COMMAND_MISUSED;
	form = json ? LIST_JSON : mdoc ? LIST_MDOC : LIST_TEXT;
	buf_init(&out, OUT_MAX);
	if (json)
		json_put_open(&out, '[');
	list_rows(config_table, "", form, &out);
	list_rows(config_issuer_table, "issuer.NAME.", form, &out);
	if (json) {
		json_put_close(&out, ']');
		buf_addc(&out, '\n');
	}
	written = command_write(buf_str(&out));
	buf_done(&out);
	return written ? COMMAND_OK : COMMAND_FAILED;
}
