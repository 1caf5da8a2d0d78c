/*
 * WordPress 6.8: $wp before a bcrypt hash of the base64 of HMAC-SHA-384 under the key
 * "wp-sha384", so that bcrypt sees all of a long password.
 */
#include "crypto/secret.h"
#include "foreign/base64.h"
#include "foreign/foreign_parts.h"

#define PREFIX STR("$wp")
#define SHA384_SIZE 48

static bool
is(struct str hash, size_t *memory)
{
	(void)memory;
	return str_starts_with(hash, PREFIX) &&
	       foreign_is_bcrypt(str_sub(hash, PREFIX.n, hash.n));
}

static enum err
check(struct str hash, struct str password, bool *match)
{
	unsigned char mac[SHA384_SIZE];
	struct buf text;
	enum err e;

	*match = false;
	buf_init(&text, 64);
	e = digest_hmac_sha384(STR("wp-sha384"), password, mac);
	if (e == ERR_OK &&
	    !base64_encode(&text, (struct str){ (char *)mac, sizeof(mac) }))
		e = ERR_MEMORY;
	if (e == ERR_OK)
		e = foreign_crypt(str_sub(hash, PREFIX.n, hash.n), buf_str(&text), match);
	buf_done(&text);
	secret_wipe(mac, sizeof(mac));
	return e;
}

const struct foreign_kind foreign_wordpress = { .is = is, .check = check };
