#include "token/token_cache.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/secret.h"

#define WAYS 4

struct entry {
	struct verified *verified; /* NULL: the entry is free */
	uint64_t tail;             /* of its token, see tail_of */
	int64_t from, until;
	uint64_t used;
};

/* Small and in one place, because most look-ups end here. */
struct set {
	uint64_t seen[WAYS]; /* tails of tokens that were verified once; 0: none */
	struct entry entries[WAYS];
};

struct token_cache {
	struct set *sets;
	size_t n; /* a power of two */
	size_t bytes;
	uint64_t tick;
	uint64_t seed;
};

enum err
token_cache_open(struct token_cache **cache, size_t entries)
{
	struct token_cache *c;
	size_t n = 1;

	*cache = NULL;
	if (entries == 0)
		return ERR_OK;
	while (n * WAYS < entries)
		n *= 2;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return ERR_MEMORY;
	c->n = n;
	c->sets = calloc(n, sizeof(*c->sets));
	if (c->sets == NULL || random_bytes(&c->seed, sizeof(c->seed)) != ERR_OK) {
		token_cache_close(c);
		return ERR_MEMORY;
	}
	*cache = c;
	return ERR_OK;
}

static void
drop(struct token_cache *c, struct entry *e)
{
	if (e->verified == NULL)
		return;
	c->bytes -= verified_weight(e->verified);
	verified_free(e->verified);
	*e = (struct entry){ 0 };
}

void
token_cache_clear(struct token_cache *c)
{
	if (c == NULL || c->sets == NULL)
		return;
	for (size_t i = 0; i < c->n; i++) {
		for (size_t k = 0; k < WAYS; k++)
			drop(c, &c->sets[i].entries[k]);
		c->sets[i] = (struct set){ 0 };
	}
}

void
token_cache_close(struct token_cache *c)
{
	if (c == NULL)
		return;
	token_cache_clear(c);
	free(c->sets);
	free(c);
}

/*
 * The tail identifies a token before the whole token is compared: its last bytes,
 * which belong to the signature (or the tag) and so are as good as random. Only
 * verified tokens are stored, so nobody can fill a set with made-up tokens.
 */
static uint64_t
tail_of(const struct token_cache *c, struct str token)
{
	uint64_t tail = 0;
	size_t n = token.n < sizeof(tail) ? token.n : sizeof(tail);

	memcpy(&tail, token.p + token.n - n, n);
	tail = (tail ^ c->seed) * UINT64_C(0x9e3779b97f4a7c15);
	return tail == 0 ? 1 : tail;
}

static struct set *
set_of(const struct token_cache *c, uint64_t tail)
{
	return &c->sets[(size_t)(tail >> 32) % c->n];
}

static struct entry *
find(const struct token_cache *c, struct str token)
{
	uint64_t tail = tail_of(c, token);
	struct set *set = set_of(c, tail);

	for (size_t i = 0; i < WAYS; i++) {
		struct entry *e = &set->entries[i];

		if (e->verified != NULL && e->tail == tail &&
		    secret_equal(buf_str(&e->verified->token), token))
			return e;
	}
	return NULL;
}

const struct verified *
token_cache_find(struct token_cache *c, struct str token, int64_t now)
{
	struct entry *e;

	if (c == NULL || token.n == 0 || (e = find(c, token)) == NULL)
		return NULL;
	if (now < e->from || now >= e->until) {
		drop(c, e);
		return NULL;
	}
	e->used = ++c->tick;
	return e->verified;
}

/* True if a token with that tail was verified before. If not, it is recorded now. */
static bool
was_seen(struct token_cache *c, struct set *set, uint64_t tail)
{
	for (size_t i = 0; i < WAYS; i++)
		if (set->seen[i] == tail) {
			set->seen[i] = 0;
			return true;
		}
	set->seen[++c->tick % WAYS] = tail;
	return false;
}

/* A free entry of the set, or the one that was unused for longest. */
static struct entry *
choose(struct set *set)
{
	struct entry *oldest = &set->entries[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set->entries[i].verified == NULL)
			return &set->entries[i];
		if (set->entries[i].used < oldest->used)
			oldest = &set->entries[i];
	}
	return oldest;
}

/* The value of that entry, wiped, or a new one. NULL if memory is out. */
static struct verified *
take_out(struct token_cache *c, struct entry *e)
{
	struct verified *old = e->verified;

	if (old == NULL)
		return verified_new();
	c->bytes -= verified_weight(old);
	verified_clear(old);
	*e = (struct entry){ 0 };
	return old;
}

void
token_cache_put(struct token_cache *c, struct str token, int64_t from, int64_t until,
		struct verified **verified)
{
	struct verified *next;
	struct entry *e;
	uint64_t tail;

	if (c == NULL || token.n == 0 || from >= until)
		return;
	tail = tail_of(c, token);
	if (!was_seen(c, set_of(c, tail), tail) || !buf_add(&(*verified)->token, token))
		return;
	if (c->bytes > TOKEN_CACHE_BYTES)
		token_cache_clear(c);
	e = choose(set_of(c, tail));
	if ((next = take_out(c, e)) == NULL)
		return;
	*e = (struct entry){ *verified, tail, from, until, ++c->tick };
	c->bytes += verified_weight(*verified);
	*verified = next;
}
