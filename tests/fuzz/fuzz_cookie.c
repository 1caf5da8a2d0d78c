/* A Cookie header: what is found is one cookie's worth of bytes of the header. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "http/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cookie cookie = { .name = "doorward", .path = "/" };
	struct str header = { (const char *)data, size }, value;
	enum cookie_found found = cookie_find(&cookie, header, &value);
	struct buf set;

	if (found != COOKIE_ONE) {
		if (value.n != 0)
			abort();
		return 0;
	}
	if (value.n > 0 &&
	    (value.p < header.p || value.p + value.n > header.p + header.n))
		abort();
	buf_init(&set, size + 200);
	if (str_has_control(value) || !cookie_set(&cookie, value, 1, &set))
		abort();
	buf_done(&set);
	return 0;
}
