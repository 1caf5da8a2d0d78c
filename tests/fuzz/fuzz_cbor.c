/*
 * CBOR that is accepted has no other form: written again from what was read, it is the same
 * bytes. What is accepted in the canonical order is accepted in any.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "webauthn/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_head(struct buf *out, unsigned kind, uint64_t n)
{
	unsigned more = n < 24            ? (unsigned)n
			: n <= UINT8_MAX  ? 24
			: n <= UINT16_MAX ? 25
			: n <= UINT32_MAX ? 26
					  : 27;

	buf_addc(out, (char)(kind << 5 | more));
	for (unsigned bytes = more < 24 ? 0 : 1U << (more - 24); bytes > 0; bytes--)
		buf_addc(out, (char)(n >> 8 * (bytes - 1)));
}

/* Write what is in `data`, and return how many items that were. */
static uint64_t
put_items(struct buf *out, struct str data)
{
	struct cbor item;
	uint64_t count = 0, inside;

	for (; cbor_next(&data, &item); count++) {
		put_head(out, item.kind, item.n);
		if (item.kind == CBOR_BYTES || item.kind == CBOR_TEXT) {
			buf_add(out, item.data);
			continue;
		}
		inside = put_items(out, item.data);
		if ((item.kind == CBOR_ARRAY && inside != item.n) ||
		    (item.kind == CBOR_MAP && inside != 2 * item.n) ||
		    (item.kind != CBOR_ARRAY && item.kind != CBOR_MAP && inside != 0))
			abort();
	}
	if (data.n != 0)
		abort();
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size }, any = input, ordered = input;
	struct cbor item, same;
	struct buf again;

	if (cbor_cut(&any, CBOR_ANY_ORDER, &item, NULL) != ERR_OK) {
		if (cbor_cut(&ordered, CBOR_CANONICAL_ORDER, &item, NULL) == ERR_OK)
			abort();
		return 0;
	}
	if (cbor_cut(&ordered, CBOR_CANONICAL_ORDER, &same, NULL) == ERR_OK &&
	    (ordered.n != any.n || same.kind != item.kind || same.n != item.n))
		abort();
	buf_init(&again, size + 16);
	if (put_items(&again, str_sub(input, 0, size - any.n)) != 1 ||
	    !str_eq(buf_str(&again), str_sub(input, 0, size - any.n)))
		abort();
	buf_done(&again);
	return 0;
}
