#include "ticket/ticket.h"

#include <string.h>

#include "base/base64url.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "ticket/ticket_fields.h"

#define BYTES_MAX (TICKET_FIELDS_MAX + TICKET_MAC)
#define AHEAD_MAX 86400 /* a ticket may be this many seconds ahead */
#define MESSAGE_MAX 1024

_Static_assert(TICKET_PREFIX + BASE64URL_LENGTH(BYTES_MAX) + 1 == TICKET_SIZE, "size");

static bool
has_mac(const struct ticket_row *row)
{
	return row != NULL && row->keep != TICKET_HASHED;
}

static size_t
length(const struct ticket_row *row)
{
	return row->fields + (has_mac(row) ? TICKET_MAC : 0);
}

static enum err
write_text(const struct ticket_row *row, const unsigned char *bytes,
	   char text[TICKET_SIZE])
{
	struct buf out;
	enum err e = ERR_MEMORY;

	buf_init(&out, TICKET_SIZE - 1);
	buf_addz(&out, row->prefix);
	if (base64url_encode(&out, (struct str){ (const char *)bytes, length(row) })) {
		memcpy(text, buf_z(&out), out.n + 1);
		e = ERR_OK;
	}
	buf_done(&out);
	return e;
}

static bool
read_text(const struct ticket_row *row, struct str text, unsigned char bytes[BYTES_MAX])
{
	size_t n = 0;

	return text.n == TICKET_PREFIX + BASE64URL_LENGTH(length(row)) &&
	       str_starts_with(text, str_of(row->prefix)) &&
	       base64url_decode_to(bytes, BYTES_MAX, &n,
				   str_sub(text, TICKET_PREFIX, text.n)) &&
	       n == length(row);
}

/*
 * HMAC(key, "doorward KIND 1" NUL fields bound). A kind contains no NUL and its fields
 * have a fixed length, so one part cannot be taken for another.
 */
static enum err
compute_mac(const struct ticket_row *row, struct str key, const unsigned char *fields,
	    struct str bound, unsigned char mac[TICKET_MAC])
{
	struct buf message;
	enum err e = ERR_CRYPTO;

	if (key.n < TICKET_KEY_MIN)
		return ERR_CRYPTO;
	buf_init(&message, MESSAGE_MAX);
	buf_addf(&message, "doorward %s 1", row->name);
	buf_addc(&message, '\0');
	buf_add(&message, (struct str){ (const char *)fields, row->fields });
	if (buf_add(&message, bound))
		e = mac_sha256(key, buf_str(&message), mac);
	buf_done(&message);
	return e;
}

enum err
ticket_make(enum ticket_kind kind, struct str key, struct str fields, struct str bound,
	    char text[TICKET_SIZE])
{
	const struct ticket_row *row = ticket_row(kind);
	unsigned char bytes[BYTES_MAX];
	enum err e;

	text[0] = '\0';
	if (!has_mac(row) || fields.n != row->fields)
		return ERR_SYNTAX;
	memcpy(bytes, fields.p, fields.n);
	e = compute_mac(row, key, bytes, bound, bytes + row->fields);
	if (e == ERR_OK)
		e = write_text(row, bytes, text);
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

/* Check the age. For a derived ticket, the stored row says when it ends. */
static bool
lives(const struct ticket_row *row, const unsigned char *fields, int64_t now)
{
	int64_t at, ahead = row->life < AHEAD_MAX ? row->life : AHEAD_MAX;

	if (row->keep != TICKET_SEALED)
		return true;
	at = ticket_get_number(fields + row->time_at, 8);
	return at <= now + ahead && at >= now - row->life;
}

enum err
ticket_check(enum ticket_kind kind, struct str key, struct str bound, int64_t now,
	     struct str text, unsigned char fields[TICKET_FIELDS_MAX], bool *good)
{
	const struct ticket_row *row = ticket_row(kind);
	unsigned char bytes[BYTES_MAX], mac[TICKET_MAC];
	enum err e = ERR_OK;

	*good = false;
	memset(fields, 0, TICKET_FIELDS_MAX);
	if (!has_mac(row) || !read_text(row, text, bytes) ||
	    (e = compute_mac(row, key, bytes, bound, mac)) != ERR_OK)
		goto out;
	if (!secret_equal((struct str){ (const char *)bytes + row->fields, TICKET_MAC },
			  (struct str){ (const char *)mac, TICKET_MAC }) ||
	    !lives(row, bytes, now))
		goto out;
	memcpy(fields, bytes, row->fields);
	*good = true;
out:
	secret_wipe(bytes, sizeof(bytes));
	secret_wipe(mac, sizeof(mac));
	return e;
}

enum err
ticket_write(enum ticket_kind kind, const unsigned char bytes[TICKET_RANDOM],
	     char text[TICKET_SIZE])
{
	const struct ticket_row *row = ticket_row(kind);

	text[0] = '\0';
	return row == NULL || has_mac(row) ? ERR_SYNTAX : write_text(row, bytes, text);
}

enum err
ticket_new(enum ticket_kind kind, char text[TICKET_SIZE])
{
	unsigned char bytes[TICKET_RANDOM];
	enum err e = random_bytes(bytes, sizeof(bytes));

	text[0] = '\0';
	if (e == ERR_OK)
		e = ticket_write(kind, bytes, text);
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

bool
ticket_hash(enum ticket_kind kind, struct str text, unsigned char hash[SHA256_SIZE])
{
	const struct ticket_row *row = ticket_row(kind);
	unsigned char bytes[BYTES_MAX];
	bool good;

	memset(hash, 0, SHA256_SIZE);
	good = row != NULL && !has_mac(row) && read_text(row, text, bytes) &&
	       sha256(text, hash) == ERR_OK;
	secret_wipe(bytes, sizeof(bytes));
	return good;
}
