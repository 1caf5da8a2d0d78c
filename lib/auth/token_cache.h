/*
 * Tokens that have been verified, so that the same one need not be again: a
 * browser sends one token with every image of a page.
 *
 * Holds only what was proved, and only for as long as nothing that the proof
 * rests on has changed: each entry has the span of time in which it counts
 * (nbf, iat, exp, the end of the keys), and whoever owns the cache empties it
 * when keys change. Revocation is asked again at every hit by the guard.
 *
 * A hit compares the whole token, in constant time. Bounded in entries and in
 * bytes; a full set gives up its least recently used entry.
 */
#ifndef TOKEN_CACHE_H
#define TOKEN_CACHE_H

#include <stdint.h>

#include "auth/identity.h"
#include "base/err.h"

#define TOKEN_CACHE_BYTES (8 * 1024 * 1024) /* of tokens and their payloads */

struct token_cache;

/* `entries` is rounded up to a power of two; 0 gives a NULL cache, which is valid. */
enum err token_cache_open(struct token_cache **cache, size_t entries);
void token_cache_close(struct token_cache *cache);

/* Forget everything. */
void token_cache_clear(struct token_cache *cache);

/*
 * True: `who` is what this very token proved, and `now` lies in its span. Its
 * claims stay the cache's: they are good until the next call that changes it.
 */
bool token_cache_find(struct token_cache *cache, struct str token, int64_t now,
		      struct identity *who);

/*
 * Remember that `token` proves `who`, for from <= now < until. The claims go over
 * to the cache and `who` borrows them; where there is no room (or memory) for
 * them, `who` stays as it is.
 */
void token_cache_put(struct token_cache *cache, struct str token, int64_t from,
		     int64_t until, struct identity *who);

#endif
