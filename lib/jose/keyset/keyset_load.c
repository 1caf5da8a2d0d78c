#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "crypto/secret.h"
#include "jose/keyset/keyset_parts.h"

static int
is_key_file(const struct dirent *entry)
{
	struct str name = str_of(entry->d_name);

	return name.p[0] != '.' &&
	       (str_ends_with(name, STR(".jwk")) || str_ends_with(name, STR(".json")));
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err
each_in_directory(const char *path,
		  enum err (*each)(const char *file, void *arg, struct why *why),
		  void *arg, struct why *why)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, is_key_file, by_name);
	enum err e = ERR_OK;

	if (n < 0)
		return why_set(why, errno == EACCES ? ERR_PERMISSION : ERR_IO, "%s: %s",
			       path, strerror(errno));
	for (int i = 0; i < n; i++) {
		char *file = NULL;

		if (e == ERR_OK &&
		    asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0) {
			file = NULL;
			e = why_set(why, ERR_MEMORY, "%s: no memory for it", path);
		}
		if (e == ERR_OK)
			e = each(file, arg, why);
		free(file);
		free(entries[i]);
	}
	free(entries);
	return e;
}

enum err
keyset_each_file(const char *path,
		 enum err (*each)(const char *file, void *arg, struct why *why),
		 void *arg, struct why *why)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return why_set(why,
			       errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
			       : errno == EACCES                   ? ERR_PERMISSION
								   : ERR_IO,
			       "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return each(path, arg, why);
	if ((st.st_mode & S_IWOTH) != 0)
		return why_set(why, ERR_PERMISSION,
			       "%s: everyone can put keys there; chmod o-w", path);
	return each_in_directory(path, each, arg, why);
}

struct loading {
	struct keyset *set;
	enum keyset_purpose purpose;
};

/*
 * A secret among the public keys of others makes the set a refused mixture, so one
 * check of the mode is enough.
 */
static enum err
check_mode(bool secret, const char *file, mode_t mode, struct why *why)
{
	if (secret && secret_mode_is_open(mode))
		return why_set(why, ERR_PERMISSION,
			       "%s: holds a secret that others can read or write (mode "
			       "%04o); chmod 0640 or 0600",
			       file, (unsigned)(mode & 07777));
	if ((mode & S_IWOTH) != 0)
		return why_set(why, ERR_PERMISSION,
			       "%s: everyone can write keys into it; chmod o-w", file);
	return ERR_OK;
}

/* A file that cannot be parsed may still be a secret, so its mode is checked first. */
static enum err
load_file(const char *file, void *arg, struct why *why)
{
	struct loading *l = arg;
	bool secrets = l->purpose == KEYSET_SIGN || l->purpose == KEYSET_DECRYPT;
	struct buf text;
	mode_t mode = 0;
	enum err e;

	buf_init(&text, KEYSET_BYTES);
	e = secret_read_any(file, KEYSET_BYTES, &text, &mode, why);
	if (e == ERR_OK) {
		e = keyset_add(l->set, buf_str(&text), l->purpose, why);
		if (e == ERR_OK)
			e = check_mode(keyset_is_secret(l->set), file, mode, why);
		else if (check_mode(secrets, file, mode, NULL) != ERR_OK)
			e = check_mode(secrets, file, mode, why);
		else
			keyset_why_at(why, e, file);
	}
	buf_done(&text);
	return e;
}

static enum err
load(const char *path, enum keyset_purpose purpose, const struct alg *unnamed,
     struct keyset *set, struct why *why)
{
	struct loading l = { set, purpose };
	enum err e;

	if (why != NULL)
		why->text[0] = '\0';
	keyset_begin(set, unnamed);
	e = keyset_each_file(path, load_file, &l, why);
	if (e == ERR_OK && (e = keyset_finish(set, purpose, why)) != ERR_OK)
		keyset_why_at(why, e, path);
	if (e != ERR_OK)
		keyset_done(set);
	return e;
}

/* A file may disappear between listing and reading the directory. Then start again. */
#define TRIES 3

enum err
keyset_load_as(const char *path, enum keyset_purpose purpose, const struct alg *unnamed,
	       struct keyset *set, struct why *why)
{
	enum err e = ERR_NOT_FOUND;

	for (int i = 0; i < TRIES && e == ERR_NOT_FOUND; i++)
		e = load(path, purpose, unnamed, set, why);
	return e;
}

enum err
keyset_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
	    struct why *why)
{
	return keyset_load_as(path, purpose, NULL, set, why);
}
