/*
 * doorward config: the settings, seen from outside.
 */
#include <stdio.h>

#include "app/config_table.h"
#include "command.h"

static int
check(int argc, char **argv)
{
	struct buf problems;
	struct config c;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return command_usage("config");
	buf_init(&problems, 256 * 1024);
	e = config_read(config_path(), &c, &problems);
	command_write(buf_str(&problems));
	if (e == ERR_OK)
		printf("%s: good\n", c.file);
	config_done(&c);
	buf_done(&problems);
	return e == ERR_OK ? COMMAND_OK : COMMAND_NO;
}

static int
show(int argc, char **argv)
{
	struct config c;
	struct buf out;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return command_usage("config");
	if (!command_config(&c))
		return COMMAND_FAILED;
	buf_init(&out, 1024 * 1024);
	for (const struct setting *s = config_table; s->name != NULL; s++) {
		buf_addf(&out, "%s = ", s->name);
		setting_show(s, &c, &out);
		buf_addc(&out, '\n');
	}
	command_write(buf_str(&out));
	buf_done(&out);
	config_done(&c);
	return COMMAND_OK;
}

static int
list(int argc, char **argv)
{
	if (!command_options(&argc, argv, NULL) || argc != 1)
		return command_usage("config");
	for (const struct setting *s = config_table; s->name != NULL; s++)
		printf("%s (%s; %s)\n    %s\n", s->name, setting_kind_name(s->kind),
		       s->required           ? "required"
		       : s->standard != NULL ? s->standard
		       : s->same_as != NULL  ? s->same_as
					     : "unset",
		       s->meaning);
	return COMMAND_OK;
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
