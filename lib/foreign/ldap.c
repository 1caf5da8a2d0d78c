/* {SHA} and {SSHA}: the base64 of SHA-1 of the password, and of its salt (RFC 2307). */
#include "crypto/secret.h"
#include "foreign/base64.h"
#include "foreign/foreign_parts.h"

#define SHA1_SIZE 20
#define SALT_MAX 64

struct parts {
	unsigned char bytes[SHA1_SIZE + SALT_MAX];
	size_t n;
};

static bool
take_apart(struct str hash, struct parts *p)
{
	bool salted = str_starts_with(hash, STR("{SSHA}"));
	size_t name = salted ? 6 : 5;

	return (salted || str_starts_with(hash, STR("{SHA}"))) &&
	       base64_decode_to(p->bytes, sizeof(p->bytes), &p->n,
				str_sub(hash, name, hash.n)) &&
	       (salted ? p->n > SHA1_SIZE : p->n == SHA1_SIZE);
}

static bool
is(struct str hash, size_t *memory)
{
	struct parts p;

	(void)memory;
	return take_apart(hash, &p);
}

static enum err
check(struct str hash, struct str password, bool *match)
{
	unsigned char out[DIGEST_MAX];
	struct digest *d = NULL;
	struct parts p;
	enum err e;

	*match = false;
	if (!take_apart(hash, &p))
		return ERR_CRYPTO;
	if ((e = digest_open(&d, "SHA1")) == ERR_OK && (e = digest_begin(d)) == ERR_OK &&
	    (e = digest_add(d, password)) == ERR_OK &&
	    (e = digest_add(d, (struct str){ (char *)p.bytes + SHA1_SIZE,
					     p.n - SHA1_SIZE })) == ERR_OK)
		e = digest_end(d, out);
	if (e == ERR_OK)
		*match = secret_equal((struct str){ (char *)out, SHA1_SIZE },
				      (struct str){ (char *)p.bytes, SHA1_SIZE });
	digest_close(d);
	secret_wipe(out, sizeof(out));
	return e;
}

const struct foreign_kind foreign_ldap = {
	.is = is, .check = check, .quick = true, .weak = true
};
