#include "visitor/link_ticket.h"

#include <string.h>

#include "base/base64url.h"
#include "ticket/ticket_fields.h"

_Static_assert(TICKET_UUID_TEXT == UUID_SIZE, "size");

/* Kinds that have an effect when they are used. */
static const enum ticket_kind kinds[] = { TICKET_SETUP,          TICKET_INVITE,
					  TICKET_VERIFY,         TICKET_RESET,
					  TICKET_CHANGE_ADDRESS, TICKET_UNDO_ADDRESS,
					  TICKET_RESET_SHOWN,    TICKET_WELCOME };

static enum ticket_kind
kind_of(struct str text)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_starts_with(text, str_of(ticket_row(kinds[i])->prefix)))
			return kinds[i];
	return TICKET_KINDS;
}

static bool
is_hashed(enum ticket_kind kind)
{
	return ticket_row(kind)->keep == TICKET_HASHED;
}

static bool
is_whole(enum ticket_kind kind, struct str text)
{
	const struct ticket_row *row = ticket_row(kind);
	size_t bytes = row->fields + (is_hashed(kind) ? 0 : TICKET_MAC);

	return text.n == TICKET_PREFIX + BASE64URL_LENGTH(bytes);
}

enum err
link_ticket_read(struct str mail_key, int64_t now, struct str text,
		 struct link_ticket *ticket)
{
	unsigned char fields[TICKET_FIELDS_MAX];
	bool good = false;
	enum err e = ERR_OK;

	*ticket = (struct link_ticket){ .told = LINK_TICKET_CUT, .kind = kind_of(text) };
	if (text.n < TICKET_PREFIX)
		return ERR_OK;
	if (ticket->kind == TICKET_KINDS) {
		ticket->told = LINK_TICKET_FOREIGN;
		return ERR_OK;
	}
	if (!is_whole(ticket->kind, text))
		return ERR_OK;
	if (is_hashed(ticket->kind))
		good = ticket_hash(ticket->kind, text, ticket->hash);
	else if (mail_key.n >= TICKET_KEY_MIN)
		e = ticket_check(ticket->kind, mail_key, STR(""), now, text, fields,
				 &good);
	if (good && !is_hashed(ticket->kind))
		ticket_get_uuid(fields, ticket->id);
	ticket->told = good ? LINK_TICKET_OURS : LINK_TICKET_FOREIGN;
	return e;
}

struct links_key
link_ticket_key(const struct link_ticket *ticket)
{
	struct links_key key = { .kind = ticket->kind, .id = str_of(ticket->id) };

	if (is_hashed(ticket->kind))
		key.hash = (struct str){ (const char *)ticket->hash, SHA256_SIZE };
	return key;
}
