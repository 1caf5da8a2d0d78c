#include "serve/secret_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "crypto/secret.h"

/* The new secret replaces the old one only if it is good. */
enum err
secret_file_load(void *file, struct why *why)
{
	struct secret_file *s = file;
	struct buf read;
	char event[64];
	enum err e;

	buf_init(&read, SECRET_KEY_MAX);
	e = secret_read_key(s->path, &read, why);
	if (e != ERR_OK || secret_equal(buf_str(&read), buf_str(&s->bytes))) {
		buf_done(&read);
		return e;
	}
	snprintf(event, sizeof(event), "%s_changed", s->watch.kind->name);
	if (s->bytes.n > 0)
		LOG(LOG_INFO, event, { "path", str_of(s->path) });
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
