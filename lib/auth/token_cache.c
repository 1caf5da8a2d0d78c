#include "auth/token_cache.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/secret.h"

#define WAYS 4

struct entry {
	struct buf token; /* empty: the entry is free */
	int64_t from, until;
	uint64_t used;
	struct identity who;
};

struct token_cache {
	struct entry *entries;
	size_t sets; /* a power of two, of WAYS entries each */
	size_t bytes;
	uint64_t tick;
	uint64_t seed;
};

enum err
token_cache_open(struct token_cache **cache, size_t entries)
{
	struct token_cache *c;
	size_t sets = 1;

	*cache = NULL;
	if (entries == 0)
		return ERR_OK;
	while (sets * WAYS < entries)
		sets *= 2;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return ERR_MEMORY;
	c->sets = sets;
	c->entries = calloc(sets * WAYS, sizeof(*c->entries));
	if (c->entries == NULL || random_bytes(&c->seed, sizeof(c->seed)) != ERR_OK) {
		token_cache_close(c);
		return ERR_MEMORY;
	}
	*cache = c;
	return ERR_OK;
}

static size_t
weight(const struct entry *e)
{
	return e->token.size + e->who.claims.payload.size;
}

static void
drop(struct token_cache *c, struct entry *e)
{
	if (e->token.p == NULL)
		return;
	c->bytes -= weight(e);
	buf_done(&e->token);
	identity_done(&e->who);
}

void
token_cache_clear(struct token_cache *c)
{
	if (c == NULL || c->entries == NULL)
		return;
	for (size_t i = 0; i < c->sets * WAYS; i++)
		drop(c, &c->entries[i]);
}

void
token_cache_close(struct token_cache *c)
{
	if (c == NULL)
		return;
	token_cache_clear(c);
	free(c->entries);
	free(c);
}

/*
 * Where to look: from the last bytes, which are of the signature (or the tag) and
 * so as good as random. Only tokens that were proved get in, so nobody can crowd
 * a set with tokens of their own making.
 */
static struct entry *
set_of(const struct token_cache *c, struct str token)
{
	uint64_t tail = 0;
	size_t n = token.n < sizeof(tail) ? token.n : sizeof(tail);

	memcpy(&tail, token.p + token.n - n, n);
	tail = (tail ^ c->seed) * UINT64_C(0x9e3779b97f4a7c15);
	return &c->entries[(size_t)(tail >> 32) % c->sets * WAYS];
}

static struct entry *
find(const struct token_cache *c, struct str token)
{
	struct entry *set = set_of(c, token);

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].token.p != NULL && secret_equal(buf_str(&set[i].token), token))
			return &set[i];
	return NULL;
}

bool
token_cache_find(struct token_cache *c, struct str token, int64_t now,
		 struct identity *who)
{
	struct entry *e;

	if (c == NULL || token.n == 0 || (e = find(c, token)) == NULL)
		return false;
	if (now < e->from || now >= e->until) {
		drop(c, e);
		return false;
	}
	e->used = ++c->tick;
	*who = e->who;
	who->borrowed = true;
	return true;
}

/* A free entry of the set, or the one that was not used for the longest time. */
static struct entry *
make_room(struct token_cache *c, struct str token)
{
	struct entry *set = set_of(c, token), *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].token.p == NULL)
			return &set[i];
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	drop(c, oldest);
	return oldest;
}

/* The claims move; what points into the struct's own bytes must follow. */
static void
move_identity(struct identity *to, struct identity *from)
{
	*to = *from;
	if (from->id.p == from->id_bytes)
		to->id.p = to->id_bytes;
	if (from->name.p == from->id_bytes)
		to->name.p = to->id_bytes;
	*from = *to;
	from->borrowed = true;
}

void
token_cache_put(struct token_cache *c, struct str token, int64_t from, int64_t until,
		struct identity *who)
{
	struct entry *e;

	if (c == NULL || token.n == 0 || who->borrowed || from >= until)
		return;
	if (c->bytes > TOKEN_CACHE_BYTES)
		token_cache_clear(c);
	e = make_room(c, token);
	buf_init(&e->token, token.n);
	if (!buf_add(&e->token, token)) {
		buf_done(&e->token);
		return;
	}
	e->from = from;
	e->until = until;
	e->used = ++c->tick;
	move_identity(&e->who, who);
	c->bytes += weight(e);
}
