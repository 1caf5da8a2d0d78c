#include "factor/factor_keys.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/watch.h"
#include "crypto/seal.h"
#include "crypto/secret.h"

#define PURPOSE "totp"
#define ABOUT_MAX 128

struct factor_key {
	char id[FACTOR_KEY_ID];
	struct buf bytes;
};

struct key_list {
	struct factor_key key[FACTOR_KEYS_MAX]; /* by id */
	size_t n;
};

struct factor_keys {
	char *path;
	struct watch watch;
	struct key_list list;
	bool usable;
};

static void
list_done(struct key_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		buf_done(&list->key[i].bytes);
	*list = (struct key_list){ .n = 0 };
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
is_key_id(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n < FACTOR_KEY_ID && name[n] == '\0';
}

static enum err
read_key(const char *directory, const char *name, struct key_list *list, struct why *why)
{
	struct factor_key *key = &list->key[list->n];
	char *file = NULL;
	enum err e;

	if (!is_key_id(name))
		return why_set(why, ERR_SYNTAX,
			       "%s: has a file whose name is not 1 to 32 of a-z, 0-9 and "
			       "-, and every file there is a key",
			       directory);
	if (list->n == FACTOR_KEYS_MAX)
		return why_set(why, ERR_LIMIT, "%s: has more than %d keys", directory,
			       FACTOR_KEYS_MAX);
	if (asprintf(&file, "%s/%s", directory, name) < 0)
		return why_set(why, ERR_MEMORY, "%s: no memory for it", directory);
	memcpy(key->id, name, strlen(name) + 1);
	buf_init(&key->bytes, SECRET_KEY_MAX);
	list->n++;
	e = secret_read_key(file, &key->bytes, why);
	free(file);
	return e;
}

static enum err
check_directory(const char *path, struct why *why)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return why_set(why,
			       errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
			       : errno == EACCES                   ? ERR_PERMISSION
								   : ERR_IO,
			       "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return why_set(why, ERR_NOT_FOUND, "%s: is not a directory", path);
	if ((st.st_mode & S_IWOTH) != 0)
		return why_set(why, ERR_PERMISSION,
			       "%s: everyone can put keys there; chmod o-w", path);
	return ERR_OK;
}

static enum err
read_list(const char *path, struct key_list *list, struct why *why)
{
	struct dirent **entries = NULL;
	enum err e = check_directory(path, why);
	int n;

	if (e != ERR_OK)
		return e;
	if ((n = scandir(path, &entries, is_visible, by_name)) < 0)
		return why_set(why, errno == EACCES ? ERR_PERMISSION : ERR_IO, "%s: %s",
			       path, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (e == ERR_OK)
			e = read_key(path, entries[i]->d_name, list, why);
		free(entries[i]);
	}
	free(entries);
	if (e == ERR_OK && list->n == 0)
		e = why_set(why, ERR_NOT_FOUND, "%s: has no key", path);
	return e;
}

static bool
is_same(const struct key_list *a, const struct key_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct factor_key *x = &a->key[i], *y = &b->key[i];

		if (!secret_equal(buf_str(&x->bytes), buf_str(&y->bytes)) ||
		    !str_is(str_of(x->id), y->id))
			return false;
	}
	return true;
}

/* The path itself first, because a directory's own times and mode count, too. */
static void
stamp(struct watch *watch)
{
	struct dirent **entries = NULL;
	char *file;
	int n;

	watch_stamp(watch, watch->path);
	n = scandir(watch->path, &entries, is_visible, by_name);
	for (int i = 0; i < n; i++) {
		if (asprintf(&file, "%s/%s", watch->path, entries[i]->d_name) >= 0) {
			watch_stamp(watch, file);
			free(file);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* The new keys replace the old ones only if all of them are good. */
static enum err
load(void *owner, struct why *why)
{
	struct factor_keys *keys = owner;
	struct key_list list = { .n = 0 };
	enum err e = read_list(keys->path, &list, why);

	if (e != ERR_OK || is_same(&list, &keys->list)) {
		list_done(&list);
		return e;
	}
	if (keys->list.n > 0)
		LOG(LOG_INFO, "factor_keys_changed", { "path", str_of(keys->path) });
	list_done(&keys->list);
	keys->list = list;
	return ERR_OK;
}

static const struct watch_kind factor_keys = { .name = "factor_keys",
					       .keeps = true,
					       .every_ms = 1000,
					       .load = load,
					       .stamp = stamp };

enum err
factor_keys_follow(struct factor_keys *keys, struct why *why)
{
	keys->usable = watch_follow(&keys->watch, keys) == ERR_OK;
	if (keys->usable)
		return ERR_OK;
	list_done(&keys->list);
	return why_set(why, keys->watch.error, "%s", keys->watch.why.text);
}

enum err
factor_keys_watch(const char *path, struct factor_keys **keys, struct why *why)
{
	struct factor_keys *k = calloc(1, sizeof(*k));

	*keys = NULL;
	if (k == NULL || (k->path = strdup(path)) == NULL) {
		free(k);
		return why_set(why, ERR_MEMORY, "no memory for factor_keys");
	}
	watch_init(&k->watch, &factor_keys, k->path);
	*keys = k;
	return factor_keys_follow(k, why);
}

enum err
factor_keys_open(const char *path, struct factor_keys **keys, struct why *why)
{
	enum err e = factor_keys_watch(path, keys, why);

	if (e != ERR_OK) {
		factor_keys_close(*keys);
		*keys = NULL;
	}
	return e;
}

void
factor_keys_close(struct factor_keys *keys)
{
	if (keys == NULL)
		return;
	list_done(&keys->list);
	watch_done(&keys->watch);
	free(keys->path);
	free(keys);
}

struct str
factor_keys_id(const struct factor_keys *keys, size_t i)
{
	return str_of(i < keys->list.n ? keys->list.key[i].id : "");
}

static const struct factor_key *
find(const struct factor_keys *keys, struct str id)
{
	for (size_t i = 0; i < keys->list.n; i++)
		if (str_is(id, keys->list.key[i].id))
			return &keys->list.key[i];
	return NULL;
}

static enum err
put_about(struct buf *about, struct str user)
{
	buf_add(about, user);
	buf_addc(about, '\0');
	return buf_addz(about, PURPOSE) ? ERR_OK : ERR_MEMORY;
}

static enum err
unusable(const struct factor_keys *keys, struct why *why)
{
	return why_set(why, ERR_NOT_FOUND, "factor_keys cannot be used: %s",
		       keys->watch.why.text);
}

enum err
factor_seal(const struct factor_keys *keys, struct str user, struct str secret,
	    char key_id[FACTOR_KEY_ID], struct buf *sealed, struct why *why)
{
	const struct factor_key *key;
	struct buf about;
	struct seal with;
	enum err e;

	key_id[0] = '\0';
	if (!keys->usable)
		return unusable(keys, why);
	key = &keys->list.key[keys->list.n - 1];
	buf_init(&about, ABOUT_MAX);
	if ((e = put_about(&about, user)) == ERR_OK) {
		with = (struct seal){ buf_str(&key->bytes), STR(PURPOSE),
				      buf_str(&about) };
		e = seal_close(&with, secret, sealed);
	}
	buf_done(&about);
	if (e != ERR_OK)
		return why_set(why, e, "a secret could not be sealed");
	memcpy(key_id, key->id, FACTOR_KEY_ID);
	return ERR_OK;
}

enum err
factor_unseal(const struct factor_keys *keys, struct str user, struct str key_id,
	      struct str sealed, struct buf *secret, bool *stale, struct why *why)
{
	const struct factor_key *key = find(keys, key_id);
	struct buf about;
	struct seal with;
	bool good = false;
	enum err e;

	*stale = false;
	if (!keys->usable)
		return unusable(keys, why);
	if (key == NULL)
		return why_set(why, ERR_NOT_FOUND,
			       "%s: has no key %.*s, under which a secret is sealed",
			       keys->path, STR_ARG(key_id));
	buf_init(&about, ABOUT_MAX);
	if ((e = put_about(&about, user)) == ERR_OK) {
		with = (struct seal){ buf_str(&key->bytes), STR(PURPOSE),
				      buf_str(&about) };
		e = seal_open(&with, sealed, secret, &good);
	}
	buf_done(&about);
	if (e != ERR_OK)
		return why_set(why, e, "a secret could not be unsealed");
	if (!good)
		return why_set(why, ERR_CRYPTO,
			       "%s/%s: is not the key under which a secret is sealed, or "
			       "its row was changed",
			       keys->path, key->id);
	*stale = key != &keys->list.key[keys->list.n - 1];
	return ERR_OK;
}
