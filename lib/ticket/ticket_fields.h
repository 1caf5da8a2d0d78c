/*
 * The fields of a ticket: numbers, most significant byte first, and UUIDs (RFC 9562,
 * 4).
 */
#ifndef TICKET_FIELDS_H
#define TICKET_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define TICKET_UUID 16      /* bytes */
#define TICKET_UUID_TEXT 37 /* with its NUL */

/* `bytes` is at most 8. The caller refuses numbers that do not fit. */
void ticket_put_number(unsigned char *to, size_t bytes, int64_t n);
int64_t ticket_get_number(const unsigned char *from, size_t bytes);

/* False, and nothing is written, if `uuid` is no UUID. */
bool ticket_put_uuid(unsigned char to[TICKET_UUID], struct str uuid);
void ticket_get_uuid(const unsigned char from[TICKET_UUID], char uuid[TICKET_UUID_TEXT]);

#endif
