#include "people/device.h"

#include <stdio.h>
#include <string.h>

#include "base/base64url.h"
#include "base/text.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#define PREFIX "dwd_"
#define PREFIX_LENGTH 4
#define AHEAD_MAX 86400 /* seconds that a secret may come from the future */

/* The bytes of a secret, in order; numbers have the most significant byte first. */
#define UUID_BYTES 16
#define VERSION_AT UUID_BYTES
#define TIME_AT (VERSION_AT + 4)
#define NONCE_AT (TIME_AT + 8)
#define MAC_AT (NONCE_AT + DEVICE_NONCE)
#define MAC_BYTES 32
#define ALL_BYTES (MAC_AT + MAC_BYTES)

_Static_assert(PREFIX_LENGTH + BASE64URL_LENGTH(ALL_BYTES) + 1 == DEVICE_SIZE, "size");

static void
put_number(unsigned char *to, size_t bytes, int64_t n)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (unsigned char)((uint64_t)n >> (8 * (bytes - 1 - i)));
}

static int64_t
get_number(const unsigned char *from, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | from[i];
	return (int64_t)n;
}

static bool
put_uuid(unsigned char to[UUID_BYTES], struct str uuid)
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

static void
get_uuid(const unsigned char b[UUID_BYTES], char uuid[UUID_SIZE])
{
	snprintf(uuid, UUID_SIZE,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
		 b[12], b[13], b[14], b[15]);
}

/* The label keeps it apart from what else the session secret makes. */
static enum err
compute_mac(struct str secret, const unsigned char bytes[MAC_AT],
	    unsigned char mac[MAC_BYTES])
{
	static const char label[] = "doorward device 1"; /* with its NUL */
	char message[sizeof(label) + MAC_AT];

	memcpy(message, label, sizeof(label));
	memcpy(message + sizeof(label), bytes, MAC_AT);
	return mac_sha256(secret, (struct str){ message, sizeof(message) }, mac);
}

enum err
device_new(struct device *d)
{
	*d = (struct device){ 0 };
	return random_bytes(d->nonce, sizeof(d->nonce));
}

enum err
device_issue(struct str secret, const struct device *d, char text[DEVICE_SIZE])
{
	unsigned char bytes[ALL_BYTES];
	struct buf out;
	enum err e;

	text[0] = '\0';
	if (!put_uuid(bytes, str_of(d->user)) || d->version < 1 || d->version > INT32_MAX)
		return ERR_SYNTAX;
	put_number(bytes + VERSION_AT, 4, d->version);
	put_number(bytes + TIME_AT, 8, d->made_at);
	memcpy(bytes + NONCE_AT, d->nonce, DEVICE_NONCE);
	if ((e = compute_mac(secret, bytes, bytes + MAC_AT)) != ERR_OK)
		return e;
	buf_init(&out, DEVICE_SIZE);
	buf_addz(&out, PREFIX);
	if (base64url_encode(&out, (struct str){ (const char *)bytes, sizeof(bytes) }))
		memcpy(text, buf_z(&out), out.n + 1);
	else
		e = ERR_MEMORY;
	buf_done(&out);
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

static bool
has_form(struct str text, unsigned char bytes[ALL_BYTES])
{
	size_t n = 0;

	return text.n == DEVICE_SIZE - 1 && str_starts_with(text, STR(PREFIX)) &&
	       base64url_decode_to(bytes, ALL_BYTES, &n,
				   str_sub(text, PREFIX_LENGTH, text.n)) &&
	       n == ALL_BYTES;
}

enum err
device_read(struct str secret, struct str text, int64_t now, struct device *d, bool *good)
{
	unsigned char bytes[ALL_BYTES], mac[MAC_BYTES];
	int64_t made_at, version;
	enum err e = ERR_OK;

	*good = false;
	*d = (struct device){ 0 };
	if (!has_form(text, bytes) || (e = compute_mac(secret, bytes, mac)) != ERR_OK)
		goto out;
	if (!secret_equal((struct str){ (const char *)bytes + MAC_AT, MAC_BYTES },
			  (struct str){ (const char *)mac, MAC_BYTES }))
		goto out;
	made_at = get_number(bytes + TIME_AT, 8);
	version = get_number(bytes + VERSION_AT, 4);
	if (made_at > now + AHEAD_MAX || now > made_at + DEVICE_LIFE || version < 1 ||
	    version > INT32_MAX)
		goto out;
	get_uuid(bytes, d->user);
	d->version = version;
	d->made_at = made_at;
	memcpy(d->nonce, bytes + NONCE_AT, DEVICE_NONCE);
	*good = true;
out:
	secret_wipe(bytes, sizeof(bytes));
	secret_wipe(mac, sizeof(mac));
	return e;
}

enum err
device_hash(const struct device *d, unsigned char hash[SHA256_SIZE])
{
	return sha256((struct str){ (const char *)d->nonce, DEVICE_NONCE }, hash);
}
