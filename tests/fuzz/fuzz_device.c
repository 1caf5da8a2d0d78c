/*
 * Device secrets: what is taken for one that we made is, character for
 * character, what we make of what it says.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "people/device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };
	struct str text = { (const char *)data, size };
	char again[DEVICE_SIZE];
	struct device d;
	bool good;

	if (device_read(secret, text, 1800000000, &d, &good) != ERR_OK || !good)
		return 0;
	if (device_issue(secret, &d, again) != ERR_OK || !str_is(text, again))
		abort();
	return 0;
}
