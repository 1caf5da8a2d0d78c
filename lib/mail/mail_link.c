#include "mail/mail_link.h"

#include "crypto/secret.h"
#include "ticket/ticket_fields.h"

enum ticket_kind
mail_link_kind(struct str name)
{
	enum ticket_kind kind = 0;

	while (kind < TICKET_KINDS && !str_is(name, ticket_row(kind)->name))
		kind++;
	return kind;
}

enum err
mail_link_url(struct str mail_key, enum ticket_kind kind, struct str id,
	      const char *public_url, const char *page, struct buf *out)
{
	const struct ticket_row *row = ticket_row(kind);
	unsigned char fields[TICKET_UUID];
	char ticket[TICKET_SIZE];
	enum err e;

	if (row == NULL || row->keep != TICKET_DERIVED || !ticket_put_uuid(fields, id))
		return ERR_SYNTAX;
	e = ticket_make(kind, mail_key,
			(struct str){ (const char *)fields, sizeof(fields) }, STR(""),
			ticket);
	if (e == ERR_OK && !buf_addf(out, "%s%s?token=%s", public_url, page, ticket))
		e = ERR_LIMIT;
	secret_wipe(ticket, sizeof(ticket));
	return e;
}
