/* doorward config: check and show the settings. */
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "bin/config/config_files.h"
#include "bin/config/config_list.h"
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

/* Was something unreadable for this user? Then say which user should run this. */
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
	size_t before;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&problems, OUT_MAX);
	buf_init(&notes, OUT_MAX);
	buf_init(&out, OUT_MAX * 4);
	if ((e = config_read(config_path(), &c, &problems)) == ERR_OK) {
		config_check_files(&c, &problems);
		config_check_programs(&c, &problems, &notes);
		config_check_oauth(&c, &problems);
		config_check_passkeys(&c, &notes);
		before = problems.n;
		config_check_database(&c, &problems, &notes);
		if (problems.n == before) {
			config_check_factors(&c, &problems, &notes);
			config_check_upkeep(&c, &problems);
		}
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

int
config_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "check", check },
		{ "show", show },
		{ "list", config_list_command },
		{ "sample", config_sample_command },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
