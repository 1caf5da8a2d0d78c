#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bin/key/key.h"
#include "crypto/secret.h"

#define PATH_LIMIT 4096

/* Does the file at `path` contain exactly these bytes? */
static bool
is_there(const char *path, struct str bytes)
{
	struct buf old;
	mode_t mode;
	bool same;

	buf_init(&old, KEYSET_BYTES);
	same = secret_read_any(path, KEYSET_BYTES, &old, &mode, NULL) == ERR_OK &&
	       str_eq(buf_str(&old), bytes);
	buf_done(&old);
	return same;
}

bool
key_write_public(const char *path, struct str bytes, struct trail *trail)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };
	char file[PATH_LIMIT];
	struct stat st;
	struct why why;
	bool directory = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	int n = snprintf(file, sizeof(file), "%s%s", path, directory ? "/jwks.json" : "");

	if (n < 0 || (size_t)n >= sizeof(file)) {
		command_fail("%s: the name is too long", path);
		return false;
	}
	if (is_there(file, bytes))
		return true;
	if (file_replace(file, bytes, &access, &why) == ERR_OK) {
		trail_put(trail, "published", str_of(file));
		return true;
	}
	command_fail("%s", why.text);
	return false;
}

/* Write the public set of `from` to `json`. ERR_PERMISSION: they are secrets. */
static enum err
collect(const char *from, int64_t now, struct buf *json, struct why *why)
{
	struct keyset set;
	enum err e = keyset_load(from, KEYSET_MANAGE, &set, why);

	if (e == ERR_OK && (e = keyset_write_public(&set, now, json)) != ERR_OK)
		why_set(why, e,
			e == ERR_PERMISSION
				? "%s: secret (oct) keys have no public part: the same "
				  "file verifies, so name it as verifying_keys too"
				: "%s: the keys cannot be written",
			from);
	keyset_done(&set);
	buf_addc(json, '\n');
	return e;
}

static bool
publish(const char *from, const char *to, int64_t now, struct trail *trail)
{
	struct buf json;
	struct why why;
	bool good = false;

	buf_init(&json, KEYSET_BYTES);
	if (collect(from, now, &json, &why) != ERR_OK)
		command_fail("%s", why.text);
	else
		good = strcmp(to, "-") == 0 ? command_write(buf_str(&json))
					    : key_write_public(to, buf_str(&json), trail);
	buf_done(&json);
	return good;
}

/* Is there something to publish: are there two places, and does the first have keys? */
static bool
differs(const char *from, const char *to)
{
	struct stat st;

	return from != NULL && to != NULL && strcmp(from, to) != 0 &&
	       stat(from, &st) == 0;
}

bool
key_publish_all(const struct config *c, int64_t now, struct trail *trail)
{
	struct keyset set;
	bool empty = false;

	if (differs(c->signing_keys, c->verifying_keys)) {
		/* A directory without keys: there is only one for encryption. */
		empty = keyset_load(c->signing_keys, KEYSET_MANAGE, &set, NULL) ==
			ERR_UNSUPPORTED;
		keyset_done(&set);
		if (!empty && !publish(c->signing_keys, c->verifying_keys, now, trail))
			return false;
	}
	return !differs(c->decryption_keys, c->encryption_keys) ||
	       publish(c->decryption_keys, c->encryption_keys, now, trail);
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
		       key_publish_all(&c, now, &trail);
	status = trail_after(&trail, good ? COMMAND_OK : COMMAND_FAILED);
	trail_done(&trail);
	config_done(&c);
	return status;
}
