#include "access/csrf.h"

#include "base/base64url.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "ticket/ticket_fields.h"

#define BOUND_MAX 1024
#define BINDING_SIZE 24 /* random bytes of a form cookie */

/* The purpose of a form contains no NUL: a NUL separates it from the binding. */
static enum err
bind_to(const char *purpose, struct str binding, struct buf *bound)
{
	if (binding.n < CSRF_BINDING_MIN)
		return ERR_CRYPTO;
	buf_addz(bound, purpose);
	buf_addc(bound, '\0');
	return buf_add(bound, binding) ? ERR_OK : ERR_LIMIT;
}

enum err
csrf_issue(struct str secret, const char *purpose, struct str binding, int64_t now,
	   struct buf *out)
{
	char text[TICKET_SIZE] = "";
	unsigned char time[8];
	struct buf bound;
	enum err e;

	ticket_put_number(time, sizeof(time), now);
	buf_init(&bound, BOUND_MAX);
	if ((e = bind_to(purpose, binding, &bound)) == ERR_OK)
		e = ticket_make(TICKET_FORM, secret,
				(struct str){ (const char *)time, sizeof(time) },
				buf_str(&bound), text);
	if (e == ERR_OK && !buf_addz(out, text))
		e = ERR_MEMORY;
	buf_done(&bound);
	secret_wipe(text, sizeof(text));
	return e;
}

enum verdict
csrf_check(struct str secret, const char *purpose, struct str binding, int64_t now,
	   struct str token)
{
	unsigned char fields[TICKET_FIELDS_MAX];
	struct buf bound;
	bool good = false;

	buf_init(&bound, BOUND_MAX);
	if (bind_to(purpose, binding, &bound) != ERR_OK ||
	    ticket_check(TICKET_FORM, secret, buf_str(&bound), now, token, fields,
			 &good) != ERR_OK)
		good = false;
	buf_done(&bound);
	return good ? VERDICT_ALLOW : VERDICT_DENY;
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
