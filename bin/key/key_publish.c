/* doorward key publish: write the public set of keys. */
#include <string.h>

#include "bin/key/key.h"

static bool
publish(const char *from, const char *to, int64_t now, struct trail *trail)
{
	struct buf json;
	struct why why = { "" };
	bool standard_output = strcmp(to, "-") == 0;
	enum err e;

	buf_init(&json, KEYSET_BYTES);
	e = key_public_set(from, now, &json, &why);
	if (e == ERR_OK && standard_output)
		e = command_write(buf_str(&json)) ? ERR_OK : ERR_IO;
	else if (e == ERR_OK)
		e = key_write_public(to, buf_str(&json), &trail->detail, &why);
	if (e != ERR_OK && why.text[0] != '\0')
		command_fail("%s", why.text);
	buf_done(&json);
	return e == ERR_OK;
}

bool
key_publish_settings(const struct config *c, int64_t now, struct trail *trail)
{
	struct why why = { "" };

	if (key_publish_all(c, now, &trail->detail, &why) == ERR_OK)
		return true;
	command_fail("%s", why.text);
	return false;
}

int
key_publish(int argc, char **argv)
{
	const char *out = NULL;
	const char *keys = NULL;
	const struct command_option options[] = { { "out", .value = &out },
						  { "keys", .value = &keys },
						  { NULL } };
	struct config c = { 0 };
	struct trail trail;
	int64_t now;
	bool good = false;
	int status;

	if (!command_options(&argc, argv, options) || argc != 1 ||
	    (keys != NULL && out == NULL))
		return COMMAND_MISUSED;
	if (!command_now(&now))
		return COMMAND_FAILED;
	if (keys == NULL && !command_config(&c))
		return COMMAND_FAILED;
	trail_init(&trail, "keys_published", NULL);
	if (keys == NULL)
		keys = key_path(&c, "signing_keys");
	if (keys != NULL && out != NULL)
		good = publish(keys, out, now, &trail);
	else if (keys != NULL)
		good = key_path(&c, "verifying_keys") != NULL &&
		       key_publish_settings(&c, now, &trail);
	status = trail_after(&trail, good ? COMMAND_OK : COMMAND_FAILED);
	trail_done(&trail);
	config_done(&c);
	return status;
}
