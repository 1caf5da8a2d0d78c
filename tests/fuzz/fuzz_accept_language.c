/* An Accept-Language header: one of the tags is preferred, the first when it is empty. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "http/accept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str tags[] = { { "en", 2 }, { "de", 2 }, { "pt-br", 5 } };
	struct str header = { (const char *)data, size };

	if (accept_language(header, tags, 3) >= 3 ||
	    accept_language(header, tags, 1) != 0 ||
	    accept_language(STR(""), tags, 3) != 0)
		abort();
	return 0;
}
