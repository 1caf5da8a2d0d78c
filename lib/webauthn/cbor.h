/*
 * CBOR (RFC 8949), read strictly: the canonical form of CTAP2 as far as WebAuthn can rely
 * on it.
 *
 * Refused: indefinite lengths; an integer or a length that is not in its shortest form;
 * floats, tags, undefined and every other simple value but false, true and null; text that
 * is not UTF-8; a map key that is no integer and no text, or that occurs twice; and what
 * exceeds a limit. The time is linear in the input, up to the limit of pairs.
 */
#ifndef CBOR_H
#define CBOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define CBOR_DEPTH 8    /* depth of arrays and maps: an empty one has 1 */
#define CBOR_PAIRS 64   /* pairs of one map */
#define CBOR_ITEMS 1024 /* an item and all that it holds */

enum cbor_kind {
	CBOR_UNSIGNED = 0, /* the major types of RFC 8949, 3.1 */
	CBOR_NEGATIVE,
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_ARRAY,
	CBOR_MAP,
	CBOR_SIMPLE = 7
};

struct cbor {
	enum cbor_kind kind;
	uint64_t n;      /* unsigned n, negative -1-n; elements or pairs; CBOR_FALSE… */
	struct str data; /* bytes or text; the encoded elements or pairs; else empty */
};

enum { CBOR_FALSE = 20, CBOR_TRUE = 21, CBOR_NULL = 22 };

/* Must the keys of each map be in the order of CTAP2 (2.3, 8: by type, length, bytes)? */
enum cbor_order { CBOR_ANY_ORDER, CBOR_CANONICAL_ORDER };

/*
 * Check the item at the beginning of `rest` with all that it holds, and cut it off.
 * ERR_SYNTAX or ERR_LIMIT: it is refused, and `rest` is unchanged.
 */
enum err cbor_cut(struct str *rest, enum cbor_order order, struct cbor *item,
		  struct why *why);

/*
 * Cut the next element, key or value off `data` of an array or map that cbor_cut has
 * accepted. False at the end.
 */
bool cbor_next(struct str *data, struct cbor *item);

/* The value under a key that is a text or an integer. False if `map` is none or lacks it. */
bool cbor_get(const struct cbor *map, const char *key, struct cbor *value);
bool cbor_get_numbered(const struct cbor *map, int64_t key, struct cbor *value);

/* The integer. False if the item is none, or if it does not fit. */
bool cbor_to_int(const struct cbor *item, int64_t *value);

#endif
