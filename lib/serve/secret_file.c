#include "serve/secret_file.h"

#include <stdlib.h>

#include "crypto/secret.h"

/* The new secret replaces the old one only if it is good. */
enum err
secret_file_load(struct secret_file *s, bool *changed, struct why *why)
{
	struct buf read;
	enum err e;

	*changed = false;
	buf_init(&read, SECRET_KEY_MAX);
	e = secret_read_key(s->path, &read, why);
	if (e != ERR_OK || secret_equal(buf_str(&read), buf_str(&s->bytes))) {
		buf_done(&read);
		return e;
	}
	*changed = s->bytes.n > 0;
	buf_done(&s->bytes);
	s->bytes = read;
	return ERR_OK;
}

enum err
secret_file_follow(void *opened, struct why *why)
{
	struct secret_file *s = opened;

	if (s->path == NULL || watch_follow(&s->watch, s) == ERR_OK)
		return ERR_OK;
	buf_done(&s->bytes);
	return why_set(why, s->watch.error, "%s: %s", s->watch.kind->name,
		       s->watch.why.text);
}

enum err
secret_file_open(const struct watch_kind *kind, const char *path, void **opened,
		 struct why *why)
{
	struct secret_file *s = calloc(1, sizeof(*s));
	enum err e;

	if (s == NULL)
		return why_set(why, ERR_MEMORY, "no memory for %s", kind->name);
	s->path = path;
	buf_init(&s->bytes, SECRET_KEY_MAX);
	watch_init(&s->watch, kind, path);
	if ((e = secret_file_follow(s, why)) == ERR_OK)
		*opened = s;
	else
		secret_file_close(s);
	return e;
}

void
secret_file_close(void *opened)
{
	struct secret_file *s = opened;

	watch_done(&s->watch);
	buf_done(&s->bytes);
	free(s);
}

struct str
secret_file_bytes(const void *opened)
{
	const struct secret_file *s = opened;

	return s != NULL ? buf_str(&s->bytes) : STR("");
}
