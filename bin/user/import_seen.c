#include "bin/user/import_seen.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

#define FIRST_SIZE 1024

/* SHA-256 of kind and key is as good as the key, and has one size. */
struct import_seen_entry {
	unsigned char hash[SHA256_SIZE];
	size_t line; /* 0: no entry */
};

static size_t
start_of(const struct import_seen *s, const unsigned char hash[SHA256_SIZE])
{
	size_t n;

	memcpy(&n, hash, sizeof(n));
	return n & (s->size - 1);
}

/* The entry of `hash`, or the free one that is to have it. */
static struct import_seen_entry *
find(const struct import_seen *s, const unsigned char hash[SHA256_SIZE])
{
	size_t i = start_of(s, hash);

	while (s->entries[i].line != 0 &&
	       memcmp(s->entries[i].hash, hash, SHA256_SIZE) != 0)
		i = (i + 1) & (s->size - 1);
	return &s->entries[i];
}

static bool
grow(struct import_seen *s)
{
	struct import_seen more = { .size = s->size == 0 ? FIRST_SIZE : 2 * s->size };

	if (2 * s->n < s->size)
		return true;
	more.entries = calloc(more.size, sizeof(*more.entries));
	if (more.entries == NULL)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->entries[i].line != 0)
			*find(&more, s->entries[i].hash) = s->entries[i];
	more.n = s->n;
	free(s->entries);
	*s = more;
	return true;
}

bool
import_seen_add(struct import_seen *s, char kind, struct str key, size_t at, size_t *line)
{
	unsigned char hash[SHA256_SIZE];
	struct import_seen_entry *entry;
	struct buf text;
	bool good;

	*line = 0;
	buf_init(&text, 1 + key.n);
	good = buf_addc(&text, kind) && buf_add(&text, key) &&
	       sha256(buf_str(&text), hash) == ERR_OK && grow(s);
	buf_done(&text);
	if (!good)
		return false;
	entry = find(s, hash);
	if (entry->line != 0) {
		*line = entry->line;
		return true;
	}
	memcpy(entry->hash, hash, SHA256_SIZE);
	entry->line = at;
	s->n++;
	return true;
}

void
import_seen_done(struct import_seen *s)
{
	free(s->entries);
	*s = (struct import_seen){ .n = 0 };
}
