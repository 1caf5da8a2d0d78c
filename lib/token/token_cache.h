/*
 * Tokens that have been verified, so that the same one need not be again: a
 * browser sends one token with every image of a page. A hit costs 36,000 instructions, a
 * verification of ES256 976,000 (measured, the whole request).
 *
 * Holds only what was proved, and only for as long as nothing that the proof
 * rests on has changed: each entry has the span of time in which it counts
 * (nbf, iat, exp, the end of the keys), and whoever owns the cache empties it
 * when keys change. Revocation is asked again at every hit by the guard.
 *
 * A token gets in when it is proved for the second time, so that those which are
 * sent only once drive out none that will be sent again. A hit compares the whole
 * token, in constant time. Bounded in entries and in bytes; a full set gives up
 * its least recently used entry.
 */
#ifndef TOKEN_CACHE_H
#define TOKEN_CACHE_H

#include <stdint.h>

#include "base/err.h"
#include "token/verified.h"

#define TOKEN_CACHE_BYTES (8 * 1024 * 1024) /* of tokens and their claims */

struct token_cache;

/* `entries` is rounded up to a power of two; 0 gives a NULL cache, which is valid. */
enum err token_cache_open(struct token_cache **cache, size_t entries);
void token_cache_close(struct token_cache *cache);

/* Forget everything. */
void token_cache_clear(struct token_cache *cache);

/*
 * What this very token proved, if `now` lies in its span; else NULL. It stays the
 * cache's and is good until the next call that changes the cache.
 */
const struct verified *token_cache_find(struct token_cache *cache, struct str token,
					int64_t now);

/*
 * `token` was verified and proves `*verified`, for from <= now < until. If the cache
 * keeps it, it takes `*verified` over and puts another one, empty, in its place;
 * if not (it is the first time, or there is no room or memory), nothing changes.
 */
void token_cache_put(struct token_cache *cache, struct str token, int64_t from,
		     int64_t until, struct verified **verified);

#endif
