#include "people/device.h"

#include <string.h>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "ticket/ticket_fields.h"

/* The fields of a device ticket, in order. */
#define VERSION_AT TICKET_UUID
#define TIME_AT (VERSION_AT + 4)
#define NONCE_AT (TIME_AT + 8)
#define FIELDS (NONCE_AT + DEVICE_NONCE)

_Static_assert(FIELDS <= TICKET_FIELDS_MAX, "size");
_Static_assert(DEVICE_SIZE == TICKET_SIZE && UUID_SIZE == TICKET_UUID_TEXT, "size");

enum err
device_new(struct device *d)
{
	*d = (struct device){ 0 };
	return random_bytes(d->nonce, sizeof(d->nonce));
}

enum err
device_issue(struct str secret, const struct device *d, char text[DEVICE_SIZE])
{
	unsigned char fields[FIELDS];
	enum err e;

	text[0] = '\0';
	if (!ticket_put_uuid(fields, str_of(d->user)) || d->version < 1 ||
	    d->version > INT32_MAX)
		return ERR_SYNTAX;
	ticket_put_number(fields + VERSION_AT, 4, d->version);
	ticket_put_number(fields + TIME_AT, 8, d->made_at);
	memcpy(fields + NONCE_AT, d->nonce, DEVICE_NONCE);
	e = ticket_make(TICKET_DEVICE, secret,
			(struct str){ (const char *)fields, sizeof(fields) }, STR(""),
			text);
	secret_wipe(fields, sizeof(fields));
	return e;
}

enum err
device_read(struct str secret, struct str text, int64_t now, struct device *d, bool *good)
{
	unsigned char fields[TICKET_FIELDS_MAX];
	int64_t version;
	enum err e;

	*d = (struct device){ 0 };
	e = ticket_check(TICKET_DEVICE, secret, STR(""), now, text, fields, good);
	version = ticket_get_number(fields + VERSION_AT, 4);
	*good = e == ERR_OK && *good && version >= 1 && version <= INT32_MAX;
	if (*good) {
		ticket_get_uuid(fields, d->user);
		d->version = version;
		d->made_at = ticket_get_number(fields + TIME_AT, 8);
		memcpy(d->nonce, fields + NONCE_AT, DEVICE_NONCE);
	}
	secret_wipe(fields, sizeof(fields));
	return e;
}

enum err
device_read_of(struct str secret, struct str text, int64_t now,
	       const struct device_owner *owner, struct device *d, bool *known)
{
	enum err e = device_read(secret, text, now, d, known);

	*known = e == ERR_OK && *known && str_is(owner->user, d->user) &&
		 d->version == owner->version;
	return e;
}

enum err
device_hash(const struct device *d, unsigned char hash[SHA256_SIZE])
{
	return sha256((struct str){ (const char *)d->nonce, DEVICE_NONCE }, hash);
}
