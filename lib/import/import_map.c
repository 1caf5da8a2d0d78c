#include "import/import_map.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)256 * 1024 * 1024)
#define FIRST_SIZE 64

struct import_entry {
	int64_t key;
	size_t at, n; /* of the value in `text` */
};

void
import_map_init(struct import_map *m)
{
	*m = (struct import_map){ .n = 0 };
	buf_init(&m->text, TEXT_MAX);
}

void
import_map_done(struct import_map *m)
{
	buf_done(&m->text);
	free(m->entries);
	*m = (struct import_map){ .n = 0 };
}

static bool
grow(struct import_map *m)
{
	size_t size = m->size == 0 ? FIRST_SIZE : 2 * m->size;
	struct import_entry *more;

	if (m->n < m->size)
		return true;
	more = reallocarray(m->entries, size, sizeof(*more));
	if (more == NULL)
		return false;
	m->entries = more;
	m->size = size;
	return true;
}

void
import_map_add(struct import_map *m, int64_t key, struct str value)
{
	size_t at = m->text.n;

	if (m->failed || !grow(m) || (value.n > 0 && !buf_add(&m->text, value))) {
		m->failed = true;
		return;
	}
	m->entries[m->n++] = (struct import_entry){ key, at, value.n };
	m->sorted = false;
}

static int
compare(const void *a, const void *b)
{
	const struct import_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The index of the first entry with `key`, or of the first with a greater one. */
static size_t
first_of(const struct import_map *m, int64_t key)
{
	size_t from = 0, to = m->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (m->entries[middle].key < key)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

bool
import_map_get(struct import_map *m, int64_t key, size_t i, struct str *value)
{
	const struct import_entry *entry;
	size_t at;

	if (!m->sorted && m->n > 0)
		qsort(m->entries, m->n, sizeof(*m->entries), compare);
	m->sorted = true;
	at = first_of(m, key);
	if (i >= m->n - at || m->entries[at + i].key != key)
		return false;
	entry = &m->entries[at + i];
	*value = str_sub(buf_str(&m->text), entry->at, entry->n);
	return true;
}
