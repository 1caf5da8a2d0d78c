#include "webauthn/cbor.h"

#include <string.h>

/* What is left to read, and to count. */
struct walk {
	struct str rest;
	enum cbor_order order;
	unsigned items;
	struct why *why;
};

static enum err walk_item(struct walk *w, unsigned depth, struct cbor *item);

/* RFC 8949, 3: a number of 1, 2, 4 or 8 bytes, in the shortest form that holds it. */
static enum err
take_number(struct walk *w, unsigned more, uint64_t *n)
{
	size_t size = (size_t)1 << (more - 24);
	uint64_t least = more == 24 ? 24 : (uint64_t)1 << (size * 4);

	if (w->rest.n < size)
		return why_set(w->why, ERR_SYNTAX, "CBOR ends too early");
	*n = 0;
	for (size_t i = 0; i < size; i++)
		*n = *n << 8 | (unsigned char)w->rest.p[i];
	w->rest = str_sub(w->rest, size, w->rest.n);
	if (*n < least)
		return why_set(w->why, ERR_SYNTAX,
			       "CBOR with a number that is not in its shortest form");
	return ERR_OK;
}

/* The first byte of an item, and the number that belongs to it. */
static enum err
take_head(struct walk *w, struct cbor *item)
{
	unsigned first, more;

	if (w->rest.n == 0)
		return why_set(w->why, ERR_SYNTAX, "CBOR ends too early");
	first = (unsigned char)w->rest.p[0];
	more = first & 31;
	w->rest = str_sub(w->rest, 1, w->rest.n);
	*item = (struct cbor){ .kind = (enum cbor_kind)(first >> 5), .n = more };
	if (first >> 5 == 6)
		return why_set(w->why, ERR_SYNTAX, "CBOR with a tag");
	if (item->kind == CBOR_SIMPLE && (more < CBOR_FALSE || more > CBOR_NULL))
		return why_set(w->why, ERR_SYNTAX,
			       "CBOR with a float or an unknown simple value");
	if (more == 31)
		return why_set(w->why, ERR_SYNTAX, "CBOR with an indefinite length");
	if (more > 27)
		return why_set(w->why, ERR_SYNTAX, "CBOR with a reserved first byte");
	return item->kind == CBOR_SIMPLE || more < 24 ? ERR_OK
						      : take_number(w, more, &item->n);
}

static enum err
take_string(struct walk *w, struct cbor *item)
{
	if (item->n > w->rest.n)
		return why_set(w->why, ERR_SYNTAX, "CBOR ends too early");
	item->data = str_sub(w->rest, 0, (size_t)item->n);
	w->rest = str_sub(w->rest, (size_t)item->n, w->rest.n);
	if (item->kind == CBOR_TEXT && !str_is_utf8(item->data))
		return why_set(w->why, ERR_SYNTAX, "CBOR with text that is not UTF-8");
	return ERR_OK;
}

/*
 * Less than, equal to or greater than zero, as `a` stands before, at or behind `b` in the
 * order of CTAP2. Both are encoded, in the shortest form.
 */
static int
compare_keys(struct str a, struct str b)
{
	int types = (unsigned char)a.p[0] / 32 - (unsigned char)b.p[0] / 32;

	if (types != 0)
		return types;
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.p, b.p, a.n);
}

/* Read a key behind `n` others, and add it to them. */
static enum err
walk_key(struct walk *w, unsigned depth, struct str *keys, size_t n)
{
	struct str start = w->rest;
	struct cbor key;
	enum err e = walk_item(w, depth, &key);

	if (e != ERR_OK)
		return e;
	if (key.kind != CBOR_UNSIGNED && key.kind != CBOR_NEGATIVE &&
	    key.kind != CBOR_TEXT)
		return why_set(w->why, ERR_SYNTAX,
			       "CBOR with a map key that is no integer and no text");
	keys[n] = str_sub(start, 0, start.n - w->rest.n);
	for (size_t i = 0; i < n; i++)
		if (compare_keys(keys[i], keys[n]) == 0)
			return why_set(w->why, ERR_SYNTAX,
				       "CBOR with a map key that occurs twice");
	if (w->order == CBOR_CANONICAL_ORDER && n > 0 &&
	    compare_keys(keys[n - 1], keys[n]) > 0)
		return why_set(w->why, ERR_SYNTAX,
			       "CBOR with map keys that are not in the canonical order");
	return ERR_OK;
}

static enum err
walk_map(struct walk *w, unsigned depth, const struct cbor *map)
{
	struct str keys[CBOR_PAIRS];
	struct cbor value;
	enum err e;

	if (map->n > CBOR_PAIRS)
		return why_set(w->why, ERR_LIMIT, "CBOR with a map of more than %d pairs",
			       CBOR_PAIRS);
	for (size_t i = 0; i < map->n; i++)
		if ((e = walk_key(w, depth, keys, i)) != ERR_OK ||
		    (e = walk_item(w, depth, &value)) != ERR_OK)
			return e;
	return ERR_OK;
}

/* Each round takes a byte at least, so a large count ends with the input. */
static enum err
walk_array(struct walk *w, unsigned depth, const struct cbor *array)
{
	struct cbor element;
	enum err e;

	for (uint64_t i = 0; i < array->n; i++)
		if ((e = walk_item(w, depth, &element)) != ERR_OK)
			return e;
	return ERR_OK;
}

static enum err
walk_inside(struct walk *w, unsigned depth, struct cbor *item)
{
	struct str start = w->rest;
	enum err e;

	if (depth == CBOR_DEPTH)
		return why_set(w->why, ERR_LIMIT, "CBOR deeper than %d", CBOR_DEPTH);
	e = item->kind == CBOR_MAP ? walk_map(w, depth + 1, item)
				   : walk_array(w, depth + 1, item);
	item->data = str_sub(start, 0, start.n - w->rest.n);
	return e;
}

static enum err
walk_item(struct walk *w, unsigned depth, struct cbor *item)
{
	enum err e;

	if (w->items++ == CBOR_ITEMS)
		return why_set(w->why, ERR_LIMIT, "CBOR of more than %d items",
			       CBOR_ITEMS);
	if ((e = take_head(w, item)) != ERR_OK)
		return e;
	switch (item->kind) {
	case CBOR_BYTES:
	case CBOR_TEXT:
		return take_string(w, item);
	case CBOR_ARRAY:
	case CBOR_MAP:
		return walk_inside(w, depth, item);
	default:
		return ERR_OK;
	}
}

enum err
cbor_cut(struct str *rest, enum cbor_order order, struct cbor *item, struct why *why)
{
	struct walk w = { .rest = *rest, .order = order, .why = why };
	enum err e = walk_item(&w, 0, item);

	if (e == ERR_OK)
		*rest = w.rest;
	return e;
}

bool
cbor_next(struct str *data, struct cbor *item)
{
	return data->n > 0 && cbor_cut(data, CBOR_ANY_ORDER, item, NULL) == ERR_OK;
}

bool
cbor_get(const struct cbor *map, const char *key, struct cbor *value)
{
	struct str rest = map->data;
	struct cbor k;

	while (map->kind == CBOR_MAP && cbor_next(&rest, &k) && cbor_next(&rest, value))
		if (k.kind == CBOR_TEXT && str_is(k.data, key))
			return true;
	return false;
}

bool
cbor_get_numbered(const struct cbor *map, int64_t key, struct cbor *value)
{
	struct str rest = map->data;
	struct cbor k;
	int64_t n;

	while (map->kind == CBOR_MAP && cbor_next(&rest, &k) && cbor_next(&rest, value))
		if (cbor_to_int(&k, &n) && n == key)
			return true;
	return false;
}

bool
cbor_to_int(const struct cbor *item, int64_t *value)
{
	if ((item->kind != CBOR_UNSIGNED && item->kind != CBOR_NEGATIVE) ||
	    item->n > INT64_MAX)
		return false;
	*value = item->kind == CBOR_UNSIGNED ? (int64_t)item->n : -1 - (int64_t)item->n;
	return true;
}
