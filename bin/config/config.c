/*
 * doorward config: the settings, seen from outside.
 */
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "bin/config/config_files.h"
#include "bin/who.h"
#include "config/config_table.h"
#include "json/json.h"

#define OUT_MAX (1024 * 1024)

/* ---- check ---- */

/* Each line of `lines` is a string of the array. */
static void
put_lines(struct buf *out, const char *name, struct str lines)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	while (lines.n > 0)
		json_put_str(out, str_cut(&lines, '\n'));
	json_put_close(out, ']');
}

static void
put_result(struct buf *out, bool json, bool good, struct str problems, struct str notes)
{
	if (!json) {
		buf_add(out, problems);
		buf_add(out, notes);
		if (good)
			buf_addf(out, "%s: good\n", config_path());
		return;
	}
	json_put_open(out, '{');
	json_put_member(out, "file", str_of(config_path()));
	json_put_member_bool(out, "good", good);
	put_lines(out, "problems", problems);
	put_lines(out, "notes", notes);
	json_put_close(out, '}');
	buf_addc(out, '\n');
}

/* Was something not readable for this user? Then who ought to look. */
static void
put_who(const struct config *c, struct buf *problems, struct buf *notes)
{
	char me[WHO_SIZE], name[WHO_SIZE];

	if (strstr(buf_z(problems), "Permission denied") == NULL ||
	    !who_is_program(c, c->database_login, name))
		return;
	who_am_i(me);
	buf_addf(notes, "%s may not read everything; as the programs' user: ", me);
	who_put_command(notes, name, "config check");
	buf_addc(notes, '\n');
}

static int
check(int argc, char **argv)
{
	bool json = false, good;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct buf problems, notes, out;
	struct config c;
	int result = COMMAND_OK;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&problems, OUT_MAX);
	buf_init(&notes, OUT_MAX);
	buf_init(&out, OUT_MAX * 4);
	if ((e = config_read(config_path(), &c, &problems)) == ERR_OK) {
		config_check_files(&c, &problems);
		config_check_programs(&c, &problems, &notes);
		config_check_database(&c, &problems, &notes);
	}
	put_who(&c, &problems, &notes);
	good = e == ERR_OK && problems.n == 0 && !problems.failed;
	if (!good)
		result = e == ERR_OK || e == ERR_SYNTAX ? COMMAND_NO : COMMAND_FAILED;
	put_result(&out, json, good, buf_str(&problems), buf_str(&notes));
	if (!command_write(buf_str(&out)))
		result = COMMAND_FAILED;
	config_done(&c);
	buf_done(&problems);
	buf_done(&notes);
	buf_done(&out);
	return result;
}

/* ---- show ---- */

static void
show_rows(const struct setting *table, const void *base, const char *prefix, bool json,
	  struct buf *out)
{
	for (const struct setting *s = table; s->name != NULL; s++) {
		struct buf value, name;

		buf_init(&value, OUT_MAX);
		buf_init(&name, 256);
		setting_show(s, base, &value);
		buf_addf(&name, "%s%s", prefix, s->name);
		if (json)
			json_put_member(out, buf_z(&name), buf_str(&value));
		else
			buf_addf(out, "%s = %s\n", buf_z(&name), buf_z(&value));
		buf_done(&value);
		buf_done(&name);
	}
}

static void
show_all(const struct config *c, bool json, struct buf *out)
{
	if (json)
		json_put_open(out, '{');
	show_rows(config_table, c, "", json, out);
	for (size_t i = 0; i < c->issuers.n; i++) {
		char prefix[64];

		snprintf(prefix, sizeof(prefix), "issuer.%s.", c->issuers.items[i].name);
		show_rows(config_issuer_table, &c->issuers.items[i], prefix, json, out);
	}
	if (json) {
		json_put_close(out, '}');
		buf_addc(out, '\n');
	}
}

static int
show(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct config c;
	struct buf out;
	bool written;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!command_config(&c))
		return COMMAND_FAILED;
	buf_init(&out, OUT_MAX);
	show_all(&c, json, &out);
	written = command_write(buf_str(&out));
	buf_done(&out);
	config_done(&c);
	return written ? COMMAND_OK : COMMAND_FAILED;
}

/* ---- list ---- */

enum list_form { LIST_TEXT, LIST_JSON, LIST_MDOC };

/* A number with the largest unit that it is a multiple of: 400d, 8M. */
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

/* "text", "on|off", "debug|info|warn|error", "duration, 1m to 1d", … */
static void
put_kind(const struct setting *s, struct buf *out)
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

/* "required", "default 10m", … */
static void
put_standard(const struct setting *s, struct buf *out)
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
	struct buf name, kind, standard;

	buf_init(&name, 256);
	buf_init(&kind, 256);
	buf_init(&standard, 256);
	put_kind(s, &kind);
	buf_addf(&name, "%s%s", prefix, s->name);
	put_standard(s, &standard);
	json_put_open(out, '{');
	json_put_member(out, "name", buf_str(&name));
	json_put_member(out, "kind", buf_str(&kind));
	json_put_member(out, "default", buf_str(&standard));
	json_put_member(out, "meaning", str_of(s->meaning));
	json_put_close(out, '}');
	buf_done(&name);
	buf_done(&kind);
	buf_done(&standard);
}

/* An entry of the manual page; `make manual` puts them into it. */
static void
put_mdoc(const struct setting *s, const char *prefix, struct buf *out)
{
	buf_addf(out, ".It Ic %s%s Pq ", prefix, s->name);
	put_kind(s, out);
	buf_addz(out, " , ");
	put_standard(s, out);
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
	put_kind(s, out);
	buf_addz(out, ", ");
	put_standard(s, out);
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

static int
list(int argc, char **argv)
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

int
config_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "check", check },
		{ "show", show },
		{ "list", list },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
