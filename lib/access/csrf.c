#include "access/csrf.h"

#include "base/base64url.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#define MAC_SIZE 32
#define TOKEN_SIZE (8 + MAC_SIZE) /* the time, most significant byte first */
#define BINDING_SIZE 24           /* random bytes of a form cookie */

static void
put_time(int64_t t, unsigned char out[8])
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)((uint64_t)t >> (56 - 8 * i));
}

static int64_t
get_time(const unsigned char in[8])
{
	uint64_t t = 0;

	for (int i = 0; i < 8; i++)
		t = t << 8 | in[i];
	return (int64_t)t;
}

/*
 * The parts are told apart by NUL after the purpose, which has none, and by the
 * fixed length of the time; the binding fills the rest.
 */
static enum err
token_of(struct str secret, const char *purpose, struct str binding, int64_t time,
	 unsigned char token[TOKEN_SIZE])
{
	struct buf message;
	enum err e = ERR_CRYPTO;

	if (secret.n < CSRF_SECRET_MIN || binding.n < CSRF_BINDING_MIN)
		return ERR_CRYPTO;
	put_time(time, token);
	buf_init(&message, 1024);
	buf_add(&message, STR("doorward form 1\0"));
	buf_addz(&message, purpose);
	buf_addc(&message, '\0');
	buf_add(&message, (struct str){ (const char *)token, 8 });
	if (buf_add(&message, binding))
		e = mac_sha256(secret, buf_str(&message), token + 8);
	buf_done(&message);
	return e;
}

enum err
csrf_issue(struct str secret, const char *purpose, struct str binding, int64_t now,
	   struct buf *out)
{
	unsigned char token[TOKEN_SIZE];
	enum err e = token_of(secret, purpose, binding, now, token);

	if (e == ERR_OK &&
	    !base64url_encode(out, (struct str){ (char *)token, TOKEN_SIZE }))
		e = ERR_MEMORY;
	return e;
}

enum verdict
csrf_check(struct str secret, const char *purpose, struct str binding, int64_t now,
	   struct str token)
{
	unsigned char given[TOKEN_SIZE], expected[TOKEN_SIZE];
	int64_t time;
	size_t n = 0;

	if (!base64url_decode_to(given, sizeof(given), &n, token) || n != TOKEN_SIZE)
		return VERDICT_DENY;
	time = get_time(given);
	if (token_of(secret, purpose, binding, time, expected) != ERR_OK)
		return VERDICT_DENY;
	if (!secret_equal((struct str){ (char *)given, TOKEN_SIZE },
			  (struct str){ (char *)expected, TOKEN_SIZE }))
		return VERDICT_DENY;
	if (time > now + CSRF_LIFE || now > time + CSRF_LIFE)
		return VERDICT_DENY;
	return VERDICT_ALLOW;
}

enum err
csrf_binding(struct buf *out)
{
	unsigned char bytes[BINDING_SIZE];
	enum err e = random_bytes(bytes, sizeof(bytes));

	if (e == ERR_OK &&
	    !base64url_encode(out, (struct str){ (char *)bytes, sizeof(bytes) }))
		e = ERR_MEMORY;
	return e;
}

bool
csrf_is_binding(struct str value)
{
	unsigned char bytes[BINDING_SIZE];
	size_t n = 0;

	return base64url_decode_to(bytes, sizeof(bytes), &n, value) && n == BINDING_SIZE;
}
