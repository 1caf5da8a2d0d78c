/* What is accepted is UTF-8 without NUL, and survives being written and read. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct json_t *root, *again;
	struct buf b;

	if (json_parse(text, &json_usual, &root, NULL) != ERR_OK) {
		if (root != NULL)
			abort();
		return 0;
	}
	if (!str_is_utf8(text) || memchr(data, 0, size) != NULL)
		abort();
	buf_init(&b, 8 * json_usual.bytes);
	json_put_value(&b, root);
	if (b.failed)
		abort();
	if (b.n <= json_usual.bytes) {
		if (json_parse(buf_str(&b), &json_usual, &again, NULL) != ERR_OK)
			abort();
		json_free(again);
	}
	json_free(root);
	buf_done(&b);
	return 0;
}
