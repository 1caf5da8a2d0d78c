/*
 * doorward key: its actions.
 */
#include "bin/key/key.h"

int
key_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "new", key_new },
		{ "list", key_list },
		{ "rotate", key_rotate },
		{ "retire", key_retire },
		{ "publish", key_publish },
		{ "import", key_import },
		{ "export", key_export },
		{ "fetch", key_fetch },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
