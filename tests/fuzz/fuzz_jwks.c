/* A key set, loaded for each purpose. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "jose/keyset/keyset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct keyset set;
	struct buf b;

	for (int p = KEYSET_VERIFY; p <= KEYSET_MANAGE; p++) {
		buf_init(&b, KEYSET_BYTES);
		if (keyset_parse(text, (enum keyset_purpose)p, &set, NULL) == ERR_OK) {
			if (set.n == 0 || set.n > set.total)
				abort();
			for (size_t i = 0; i < set.n; i++)
				if (p == KEYSET_VERIFY && set.keys[i].is_private &&
				    set.keys[i].type != KEY_OCT)
					abort();
			keyset_find(&set, false, STR(""), 1);
			keyset_signing_key(&set, NULL, 1, NULL);
			keyset_write_public(&set, 1, &b);
		} else if (set.n != 0) {
			abort();
		}
		keyset_done(&set);
		buf_done(&b);
	}
	return 0;
}
