/* What decodes must encode to the very same text: there is one form only. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/base64url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct buf bytes, again;

	buf_init(&bytes, size + 1);
	buf_init(&again, 2 * size + 4);
	if (base64url_decode(&bytes, text)) {
		if (!base64url_encode(&again, buf_str(&bytes)) ||
		    !str_eq(buf_str(&again), text))
			abort();
	} else if (bytes.n != 0) {
		abort();
	}
	buf_done(&bytes);
	buf_done(&again);
	return 0;
}
