#include "keys/key_publish.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/secret.h"
#include "jose/keyset/keyset.h"
#include "keys/key_note.h"
#include "metadata/metadata.h"

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

/* `name` in the directory of the published keys. ERR_LIMIT if that is too long. */
static enum err
beside_keys(const struct config *c, const char *name, char path[PATH_LIMIT],
	    struct why *why)
{
	const char *keys = c->verifying_keys, *slash = strrchr(keys, '/');
	struct stat st;
	size_t length = strlen(keys);
	int n;

	if (slash != NULL && (stat(keys, &st) != 0 || !S_ISDIR(st.st_mode)))
		length = (size_t)(slash - keys);
	n = snprintf(path, PATH_LIMIT, "%.*s/%s", (int)length, keys, name);
	if (n < 0 || n >= PATH_LIMIT)
		return why_set(why, ERR_LIMIT, "%s: the name is too long", keys);
	return ERR_OK;
}

/* Does the file say that there is a provider here? Somebody else's does not count. */
static bool
tells_of_provider(const char *path)
{
	struct buf old;
	bool ours;

	buf_init(&old, METADATA_BYTES);
	ours = file_read(path, METADATA_BYTES, &old, NULL, NULL) == ERR_OK &&
	       metadata_is_ours(buf_str(&old));
	buf_done(&old);
	return ours;
}

/* Without `oauth` nobody is told of a provider. */
static enum err
withdraw_provider(const struct config *c, struct buf *done, struct why *why)
{
	char path[PATH_LIMIT];
	enum err e = beside_keys(c, METADATA_OPENID, path, why);

	if (e != ERR_OK || !tells_of_provider(path))
		return e;
	if (unlink(path) != 0)
		return why_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	key_note(done, "withdrawn", str_of(path));
	return ERR_OK;
}

/* What other programs read before they use this site's login, beside its keys. */
static enum err
publish_metadata(const struct config *c, const struct keyset *keys, int64_t now,
		 struct buf *done, struct why *why)
{
	static const char *const names[] = { METADATA_OAUTH, METADATA_OPENID };
	char path[PATH_LIMIT];
	struct buf json;
	enum err e;

	buf_init(&json, METADATA_BYTES);
	if ((e = metadata_write(c, keys, now, &json)) != ERR_OK)
		why_set(why, e, "the metadata of this site is too long");
	for (size_t i = 0; e == ERR_OK && i < (c->oauth ? 2 : 1); i++)
		if ((e = beside_keys(c, names[i], path, why)) == ERR_OK)
			e = key_write_public(path, buf_str(&json), done, why);
	buf_done(&json);
	if (e == ERR_OK && !c->oauth)
		e = withdraw_provider(c, done, why);
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

static enum err
publish_signing(const struct config *c, int64_t now, struct buf *done, struct why *why)
{
	struct keyset set;
	enum err e = publish(c->signing_keys, c->verifying_keys, now, done, why);

	if (e != ERR_OK)
		return e;
	if ((e = keyset_load(c->signing_keys, KEYSET_MANAGE, &set, why)) == ERR_OK)
		e = publish_metadata(c, &set, now, done, why);
	keyset_done(&set);
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
			e = publish_signing(c, now, done, why);
	}
	if (e == ERR_OK && differs(c->decryption_keys, c->encryption_keys))
		e = publish(c->decryption_keys, c->encryption_keys, now, done, why);
	return e;
}

/* The document of now, in the file that is read first. */
static enum err
check_published(const struct config *c, const struct keyset *keys, int64_t now,
		const char *path, struct why *why)
{
	struct buf json;
	enum err e;

	buf_init(&json, METADATA_BYTES);
	e = metadata_write(c, keys, now, &json);
	if (e == ERR_OK && !is_there(path, buf_str(&json)))
		e = why_set(why, ERR_NOT_FOUND,
			    "%s does not say what the settings do; `doorward key "
			    "publish` writes it",
			    path);
	buf_done(&json);
	return e;
}

enum err
key_check_metadata(const struct config *c, int64_t now, struct why *why)
{
	char path[PATH_LIMIT];
	struct keyset set;
	enum err e;

	if (!differs(c->signing_keys, c->verifying_keys))
		return ERR_OK;
	if ((e = beside_keys(c, METADATA_OPENID, path, why)) != ERR_OK)
		return e;
	if (!c->oauth && tells_of_provider(path))
		return why_set(why, ERR_EXISTS,
			       "is off, and %s says that it is on; `doorward key "
			       "publish` removes it",
			       path);
	if (c->oauth &&
	    keyset_load(c->signing_keys, KEYSET_MANAGE, &set, NULL) == ERR_OK) {
		e = check_published(c, &set, now, path, why);
		keyset_done(&set);
	}
	return e;
}
