/*
 * Remembers verified tokens, so that the same token need not be verified again: a
 * browser sends the same token with every image of a page. A hit costs 36,000
 * instructions, a verification of ES256 976,000 (measured, for the whole request).
 *
 * An entry is valid only as long as everything that its verification relied on is
 * unchanged. Each entry has the span of time in which it is valid (nbf, iat, exp, the
 * end of the keys), and the owner of the cache empties it when keys change. The guard
 * asks for revocations again at every hit.
 *
 * A token is stored when it is verified for the second time, so that tokens which are
 * sent only once do not displace others. A hit compares the whole token in constant
 * time. Entries and bytes are limited. A full set drops its least recently used entry.
 */
#ifndef TOKEN_CACHE_H
#define TOKEN_CACHE_H

#include <stdint.h>

#include "base/err.h"
#include "token/verified.h"

#define TOKEN_CACHE_BYTES (8 * 1024 * 1024) /* for tokens and their claims */

struct token_cache;

/* `entries` is rounded up to a power of two; 0 gives a NULL cache, which is valid. */
enum err token_cache_open(struct token_cache **cache, size_t entries);
void token_cache_close(struct token_cache *cache);

/* Forget everything. */
void token_cache_clear(struct token_cache *cache);

/*
 * The result for exactly this token, if `now` is in its span. Otherwise NULL. It
 * belongs to the cache and is good until the next call that changes the cache.
 */
const struct verified *token_cache_find(struct token_cache *cache, struct str token,
					int64_t now);

/*
 * `token` was verified with the result `*verified`, which is valid for from <= now <
 * until. If the cache stores it, it takes `*verified` over and replaces it by an empty
 * one. If not (it is the first time, or there is no room or memory), nothing changes.
 */
void token_cache_put(struct token_cache *cache, struct str token, int64_t from,
		     int64_t until, struct verified **verified);

#endif
