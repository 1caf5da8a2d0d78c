#include "ticket/ticket_fields.h"

#include <stdio.h>

#include "base/text.h"

void
ticket_put_number(unsigned char *to, size_t bytes, int64_t n)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (unsigned char)((uint64_t)n >> (8 * (bytes - 1 - i)));
}

int64_t
ticket_get_number(const unsigned char *from, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | from[i];
	return (int64_t)n;
}

bool
ticket_put_uuid(unsigned char to[TICKET_UUID], struct str uuid)
{
	size_t n = 0;

	if (!text_is_uuid(uuid))
		return false;
	for (size_t i = 0; i < uuid.n; i++) {
		int value = text_hex_value(uuid.p[i]);

		if (value < 0) /* a hyphen */
			continue;
		to[n / 2] = (unsigned char)(n % 2 == 0 ? value << 4 : to[n / 2] | value);
		n++;
	}
	return true;
}

void
ticket_get_uuid(const unsigned char b[TICKET_UUID], char uuid[TICKET_UUID_TEXT])
{
	snprintf(uuid, TICKET_UUID_TEXT,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
		 b[12], b[13], b[14], b[15]);
}
