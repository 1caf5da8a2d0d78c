#include "keys/key_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "json/json.h"

#define PATH_LIMIT 4096

static bool
is_key_name(const char *name)
{
	struct str s = str_of(name);

	return s.p[0] != '.' &&
	       (str_ends_with(s, STR(".jwk")) || str_ends_with(s, STR(".json")));
}

/* ERR_OK, and a path in `file`, for the i-th key file. ERR_NOT_FOUND after the last. */
static enum err
nth_file(const struct key_dir *r, size_t i, char file[PATH_LIMIT])
{
	struct dirent *entry = NULL;
	enum err e = ERR_NOT_FOUND;
	int n = 0;
	DIR *d;

	if (!r->is_directory) {
		n = snprintf(file, PATH_LIMIT, "%s", r->path);
		return i == 0 && n > 0 && n < PATH_LIMIT ? ERR_OK : ERR_NOT_FOUND;
	}
	if ((d = opendir(r->path)) == NULL)
		return ERR_NOT_FOUND;
	while (e != ERR_OK && (entry = readdir(d)) != NULL)
		if (is_key_name(entry->d_name) && i-- == 0)
			e = ERR_OK;
	if (e == ERR_OK) {
		n = snprintf(file, PATH_LIMIT, "%s/%s", r->path, entry->d_name);
		e = n > 0 && n < PATH_LIMIT ? ERR_OK : ERR_NOT_FOUND;
	}
	closedir(d);
	return e;
}

/*
 * A new file is readable for the same users as the others, so that a run from cron
 * need not be told. The first one is 0600; root gives it to the directory's owner.
 */
static void
find_access(struct key_dir *r, const char *file)
{
	bool root = geteuid() == 0;
	struct stat st;

	r->access = (struct file_access){ 0600, FILE_ANYONE, FILE_ANYONE };
	if (!r->is_empty && stat(file, &st) == 0 && !secret_mode_is_open(st.st_mode))
		r->access.mode = st.st_mode & 0640;
	else if (stat(r->path, &st) != 0)
		return;
	if (root)
		r->access.owner = st.st_uid;
	if (root || st.st_gid != getegid())
		r->access.group = st.st_gid;
}

enum err
key_dir_reload(struct key_dir *r, struct why *why)
{
	char file[PATH_LIMIT];

	keyset_done(&r->set);
	r->set = (struct keyset){ 0 };
	r->is_empty = nth_file(r, 0, file) != ERR_OK || access(file, F_OK) != 0;
	find_access(r, file);
	return r->is_empty ? ERR_OK : keyset_load(r->path, KEYSET_MANAGE, &r->set, why);
}

static enum err
why_errno(struct why *why, const char *path)
{
	return why_set(why, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO,
		       "%s: %s", path, strerror(errno));
}

/* The directory itself, or the one that contains the file. */
static enum err
take_lock(struct key_dir *r, bool wait, struct why *why)
{
	const char *slash = strrchr(r->path, '/');
	char *directory = r->is_directory ? strdup(r->path)
			  : slash == NULL
				  ? strdup(".")
				  : strndup(r->path, (size_t)(slash - r->path) + 1);

	if (directory == NULL)
		return why_set(why, ERR_MEMORY, "no memory");
	r->lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (r->lock >= 0 && flock(r->lock, wait ? LOCK_EX : LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	if (r->lock >= 0 && errno == EWOULDBLOCK)
		return why_set(why, ERR_BUSY, "%s: another process changes it", r->path);
	return why_errno(why, r->path);
}

enum err
key_dir_open(struct key_dir *r, const char *path, bool make, struct why *why)
{
	struct stat st;
	bool there = stat(path, &st) == 0;
	enum err e;

	*r = (struct key_dir){ .path = path, .lock = -1 };
	if (!there && !make)
		return why_errno(why, path);
	r->is_directory = there ? S_ISDIR(st.st_mode) : !is_key_name(path);
	if (!there && r->is_directory && mkdir(path, 0700) != 0)
		return why_errno(why, path);
	if ((e = take_lock(r, true, why)) != ERR_OK)
		return e;
	return key_dir_reload(r, why);
}

enum err
key_dir_try(struct key_dir *r, const char *path, struct why *why)
{
	struct stat st;
	enum err e;

	*r = (struct key_dir){ .path = path, .lock = -1 };
	if (stat(path, &st) != 0)
		return why_errno(why, path);
	r->is_directory = S_ISDIR(st.st_mode);
	if ((e = take_lock(r, false, why)) != ERR_OK)
		return e;
	return key_dir_reload(r, why);
}

void
key_dir_close(struct key_dir *r)
{
	keyset_done(&r->set);
	if (r->lock >= 0)
		close(r->lock);
	*r = (struct key_dir){ .lock = -1 };
}

/* ---- adding ---- */

static enum err
check_company(const struct key_dir *r, const struct jwk *key, struct why *why)
{
	const struct keyset *set = &r->set;

	if (set->total >= KEYSET_KEYS)
		return why_set(why, ERR_LIMIT, "%s holds %d keys already", r->path,
			       KEYSET_KEYS);
	for (size_t i = 0; i < set->n; i++) {
		const struct jwk *other = &set->keys[i];

		if ((other->type == KEY_OCT) != (key->type == KEY_OCT))
			return why_set(why, ERR_SYNTAX,
				       "%s: secret and public-key keys do not go "
				       "together; name another directory",
				       r->path);
		if (other->is_private != key->is_private &&
		    (other->is_private || other->exp == 0))
			return why_set(why, ERR_SYNTAX,
				       "%s: private and public keys do not go together",
				       r->path);
		if (str_eq(jwk_kid(other), jwk_kid(key)))
			return why_set(why, ERR_EXISTS, "%s: there is such a kid already",
				       r->path);
	}
	return ERR_OK;
}

void
key_dir_set_group(struct key_dir *r, gid_t group)
{
	r->access.mode = 0640;
	r->access.group = group;
}

enum err
key_dir_add(struct key_dir *r, const struct jwk *key, struct why *why)
{
	char file[PATH_LIMIT];
	struct buf json;
	enum err e;
	int n;

	if (!r->is_directory && !r->is_empty)
		return why_set(why, ERR_EXISTS,
			       "%s is a file already; a directory can take more keys",
			       r->path);
	if ((e = check_company(r, key, why)) != ERR_OK)
		return e;
	n = r->is_directory
		    ? snprintf(file, sizeof(file), "%s/%s.jwk", r->path, key->thumbprint)
		    : snprintf(file, sizeof(file), "%s", r->path);
	if (n < 0 || (size_t)n >= sizeof(file))
		return why_set(why, ERR_LIMIT, "%s: the name is too long", r->path);
	buf_init(&json, JWK_MAX);
	e = jwk_write(key, JWK_WHOLE, &json);
	buf_addc(&json, '\n');
	if (e == ERR_OK && json.failed)
		e = ERR_LIMIT;
	if (e == ERR_OK)
		e = file_create(file, buf_str(&json), &r->access, why);
	else
		why_set(why, e, "the key cannot be written: %s", err_text(e));
	buf_done(&json);
	return e == ERR_OK ? key_dir_reload(r, why) : e;
}

/* ---- changing ---- */

static struct jwk *
by_thumbprint(const struct keyset *set, const char *thumbprint)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->keys[i].thumbprint, thumbprint) == 0)
			return &set->keys[i];
	return NULL;
}

/* The file that contains the key, and all keys of that file. */
static enum err
find_file(const struct key_dir *r, const char *thumbprint, char file[PATH_LIMIT],
	  struct keyset *set, struct why *why)
{
	for (size_t i = 0; nth_file(r, i, file) == ERR_OK; i++) {
		enum err e = keyset_load(file, KEYSET_MANAGE, set, why);

		if (e != ERR_OK && e != ERR_UNSUPPORTED)
			return e;
		if (e == ERR_OK && by_thumbprint(set, thumbprint) != NULL)
			return ERR_OK;
		keyset_done(set);
	}
	*set = (struct keyset){ 0 };
	return why_set(why, ERR_NOT_FOUND, "%s: no such key", r->path);
}

static enum err
write_set(const struct keyset *set, struct buf *json)
{
	enum err e = ERR_OK;

	if (set->total == 1) {
		e = jwk_write(&set->keys[0], JWK_WHOLE, json);
	} else {
		json_put_open(json, '{');
		json_put_name(json, "keys");
		json_put_open(json, '[');
		for (size_t i = 0; i < set->n && e == ERR_OK; i++) {
			struct buf one;

			buf_init(&one, JWK_MAX);
			e = jwk_write(&set->keys[i], JWK_WHOLE, &one);
			json_put_raw(json, buf_str(&one));
			buf_done(&one);
		}
		json_put_close(json, ']');
		json_put_close(json, '}');
	}
	buf_addc(json, '\n');
	return e == ERR_OK && json->failed ? ERR_LIMIT : e;
}

/* With the present mode and group of the file. */
static enum err
rewrite(const char *file, const struct keyset *set, struct why *why)
{
	struct file_access access;
	struct stat st;
	struct buf json;
	enum err e;

	if (set->n != set->total)
		return why_set(why, ERR_UNSUPPORTED,
			       "%s holds keys that would be lost; change it by hand",
			       file);
	if (stat(file, &st) != 0)
		return why_errno(why, file);
	access = (struct file_access){ st.st_mode & 0777, FILE_ANYONE, FILE_ANYONE };
	if (st.st_uid != geteuid())
		access.owner = st.st_uid;
	if (st.st_gid != getegid())
		access.group = st.st_gid;
	buf_init(&json, KEYSET_BYTES);
	if ((e = write_set(set, &json)) == ERR_OK)
		e = file_replace(file, buf_str(&json), &access, why);
	buf_done(&json);
	return e;
}

enum err
key_dir_change(struct key_dir *r, const char *thumbprint,
	       const struct key_dir_change *change, struct why *why)
{
	char file[PATH_LIMIT];
	struct keyset set;
	struct jwk *key;
	enum err e = find_file(r, thumbprint, file, &set, why);

	if (e != ERR_OK)
		return e;
	key = by_thumbprint(&set, thumbprint);
	key->nbf = change->nbf != 0 ? change->nbf : key->nbf;
	key->exp = change->exp != 0 ? change->exp : key->exp;
	if (change->signed_until != 0)
		key->signed_until = change->signed_until;
	if (change->strip && key->type != KEY_OCT)
		key->is_private = false; /* jwk_write then writes the public half */
	e = rewrite(file, &set, why);
	keyset_done(&set);
	return e == ERR_OK ? key_dir_reload(r, why) : e;
}

enum err
key_dir_remove(struct key_dir *r, const char *thumbprint, struct why *why)
{
	char file[PATH_LIMIT];
	struct keyset set;
	enum err e = find_file(r, thumbprint, file, &set, why);
	bool alone = e == ERR_OK && set.total == 1 && r->is_directory;

	keyset_done(&set);
	if (e != ERR_OK || !alone)
		return e;
	if (unlink(file) != 0)
		return why_errno(why, file);
	return key_dir_reload(r, why);
}
