#include "json/memory.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdlib.h>

#include "base/sanitized.h"
#include "crypto/secret.h"

/*
 * Enough for a token of 2 kB and everything that Jansson builds from it. Sanitizers
 * see only memory from malloc.
 */
#define BLOCK_BYTES (SANITIZED ? 16 : 16384)
#define PIECE 16 /* the size of every piece is a multiple of this */

static alignas(PIECE) unsigned char block[BLOCK_BYTES];
static size_t used;   /* bytes of it */
static size_t pieces; /* pieces that were not given back yet */

void *
json_memory_take(size_t n)
{
	unsigned char *p = block + used;

	if (n == 0 || n > BLOCK_BYTES - used)
		return malloc(n);
	used += (n + PIECE - 1) / PIECE * PIECE;
	pieces++;
	return p;
}

static bool
is_ours(const unsigned char *p)
{
	return p >= block && p < block + BLOCK_BYTES;
}

void
json_memory_give(void *p)
{
	if (p == NULL)
		return;
	if (!is_ours(p)) {
		secret_wipe(p, malloc_usable_size(p));
		free(p);
	} else if (--pieces == 0) {
		secret_wipe(block, used);
		used = 0;
	}
}
