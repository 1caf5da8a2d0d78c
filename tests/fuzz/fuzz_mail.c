/*
 * Text that strangers choose and that becomes part of a mail: an address is refused or is one
 * for a command line and a header; whatever a header or a body is made of, it stays one.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/mail_address.h"
#include "mail/mail_encode.h"
#include "mail/mail_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_address(struct str text)
{
	if (!mail_address_is_valid(text))
		return;
	if (text.n > MAIL_ADDRESS_MAX || text.p[0] == '-' || str_has_control(text) ||
	    str_index(text, ' ') < text.n || str_index(text, '<') < text.n ||
	    str_index(text, '>') < text.n || str_index(text, ',') < text.n)
		abort();
}

static void
check_server(struct str text)
{
	struct mail_server server;

	if (mail_server_parse(text, &server) != NULL)
		return;
	if (server.kind <= MAIL_SERVER_SMTPS
		    ? server.host.n == 0 || str_index(server.host, '@') < server.host.n
		    : server.path.n == 0 || server.path.p[0] != '/')
		abort();
}

/* Every line but the first of a header begins with a space, and none has a control character. */
static void
check_header(struct str text,
	     bool (*encode)(struct buf *out, size_t column, struct str text))
{
	struct buf out;
	struct str rest;

	buf_init(&out, 100 + 20 * text.n);
	if (!encode(&out, 9, text))
		abort();
	rest = buf_str(&out);
	for (bool first = true; rest.n > 0; first = false) {
		struct str line = str_cut(&rest, '\n');

		if (str_has_control(line) || (!first && line.p[0] != ' '))
			abort();
	}
	buf_done(&out);
}

/* No body can end the part that it stands in. */
static void
check_body(struct str text)
{
	struct buf out;

	buf_init(&out, 100 + 8 * text.n);
	if (mail_encode_is_plain(text))
		buf_add(&out, text);
	else
		mail_encode_quoted(&out, text);
	if (out.failed || (out.n > 0 && memmem(out.p, out.n, "=_", 2) != NULL))
		abort();
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct buf wrapped;

	check_address(text);
	check_server(text);
	check_header(text, mail_encode_text);
	check_header(text, mail_encode_name);
	check_body(text);
	buf_init(&wrapped, 100 + 2 * size);
	if (!mail_encode_wrapped(&wrapped, text))
		abort();
	buf_done(&wrapped);
	return 0;
}
