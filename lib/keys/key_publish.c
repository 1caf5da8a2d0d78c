#include "keys/key_publish.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "crypto/secret.h"
#include "jose/keyset/keyset.h"
#include "keys/key_note.h"

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

enum err
key_write_public(const char *path, struct str bytes, struct buf *done, struct why *why)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };
	char file[PATH_LIMIT];
	struct stat st;
	bool directory = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	int n = snprintf(file, sizeof(file), "%s%s", path, directory ? "/jwks.json" : "");
	enum err e;

	if (n < 0 || (size_t)n >= sizeof(file))
		return why_set(why, ERR_LIMIT, "%s: the name is too long", path);
	if (is_there(file, bytes))
		return ERR_OK;
	if ((e = file_replace(file, bytes, &access, why)) == ERR_OK)
		key_note(done, "published", str_of(file));
	return e;
}

enum err
key_public_set(const char *from, int64_t now, struct buf *json, struct why *why)
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

static enum err
publish(const char *from, const char *to, int64_t now, struct buf *done, struct why *why)
{
	struct buf json;
	enum err e;

	buf_init(&json, KEYSET_BYTES);
	if ((e = key_public_set(from, now, &json, why)) == ERR_OK)
		e = key_write_public(to, buf_str(&json), done, why);
	buf_done(&json);
	return e;
}

/* Is there something to publish: are there two places, and does the first have keys? */
static bool
differs(const char *from, const char *to)
{
	struct stat st;

	return from != NULL && to != NULL && strcmp(from, to) != 0 &&
	       stat(from, &st) == 0;
}

enum err
key_publish_all(const struct config *c, int64_t now, struct buf *done, struct why *why)
{
	struct keyset set;
	bool empty = false;
	enum err e = ERR_OK;

	if (differs(c->signing_keys, c->verifying_keys)) {
		/* A directory without keys: there is only one for encryption. */
		empty = keyset_load(c->signing_keys, KEYSET_MANAGE, &set, NULL) ==
			ERR_UNSUPPORTED;
		keyset_done(&set);
		if (!empty)
			e = publish(c->signing_keys, c->verifying_keys, now, done, why);
	}
	if (e == ERR_OK && differs(c->decryption_keys, c->encryption_keys))
		e = publish(c->decryption_keys, c->encryption_keys, now, done, why);
	return e;
}
