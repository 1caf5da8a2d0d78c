/*
 * Tickets: a text is of one kind at most, and what is taken for one that we made is,
 * character for character, what we make of what it says.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "people/device.h"
#include "ticket/ticket.h"
#include "visitor/link_ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str key = { "0123456789abcdef0123456789abcdef", 32 };

static bool
is_good(enum ticket_kind k, struct str text)
{
	unsigned char fields[TICKET_FIELDS_MAX], hash[SHA256_SIZE];
	char again[TICKET_SIZE];
	bool good;

	if (ticket_row(k)->keep == TICKET_HASHED)
		return ticket_hash(k, text, hash);
	if (ticket_check(k, key, STR(""), 1800000000, text, fields, &good) != ERR_OK)
		abort();
	if (good &&
	    (ticket_make(k, key,
			 (struct str){ (const char *)fields, ticket_row(k)->fields },
			 STR(""), again) != ERR_OK ||
	     !str_is(text, again)))
		abort();
	return good;
}

static void
read_device(struct str text)
{
	char again[DEVICE_SIZE];
	struct device d;
	bool good;

	if (device_read(key, text, 1800000000, &d, &good) != ERR_OK || !good)
		return;
	if (device_issue(key, &d, again) != ERR_OK || !str_is(text, again))
		abort();
}

/* A link is ours when it is a good ticket of its kind, and of that kind only. */
static void
read_link(struct str text)
{
	struct link_ticket ticket;

	if (link_ticket_read(key, 1800000000, text, &ticket) != ERR_OK)
		abort();
	if (ticket.told == LINK_TICKET_OURS && !is_good(ticket.kind, text))
		abort();
	if (ticket.told != LINK_TICKET_OURS && (ticket.id[0] != '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	int kinds = 0;

	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++)
		kinds += is_good(k, text);
	if (kinds > 1)
		abort();
	read_device(text);
	read_link(text);
	return 0;
}
