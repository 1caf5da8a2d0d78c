#include "factor/recovery.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "factor/base32.h"

#define PLAIN BASE32_LENGTH(RECOVERY_BYTES) /* characters without the hyphens */

_Static_assert(PLAIN + 3 + 1 == RECOVERY_SIZE, "four groups of four, three hyphens");

/* The user is in it, so that two users with one code have different hashes. */
static enum err
hash_plain(struct str user, struct str plain, unsigned char hash[SHA256_SIZE])
{
	struct buf text;
	enum err e = ERR_MEMORY;

	buf_init(&text, 256);
	buf_addz(&text, "recovery:");
	buf_add(&text, user);
	buf_addc(&text, ':');
	if (buf_add(&text, plain))
		e = sha256(buf_str(&text), hash);
	buf_done(&text);
	return e;
}

static enum err
make(struct str user, struct recovery *r)
{
	unsigned char bytes[RECOVERY_BYTES];
	struct buf plain;
	enum err e = random_bytes(bytes, sizeof(bytes));

	buf_init(&plain, PLAIN);
	if (e == ERR_OK &&
	    !base32_encode(&plain, (struct str){ (const char *)bytes, sizeof(bytes) },
			   false))
		e = ERR_MEMORY;
	for (size_t i = 0, to = 0; e == ERR_OK && i < PLAIN; i++) {
		if (i > 0 && i % 4 == 0)
			r->code[to++] = '-';
		r->code[to++] = plain.p[i];
	}
	if (e == ERR_OK)
		e = hash_plain(user, buf_str(&plain), r->hash);
	buf_done(&plain);
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

enum err
recovery_new(struct str user, struct recovery codes[RECOVERY_CODES])
{
	enum err e = ERR_OK;

	memset(codes, 0, RECOVERY_CODES * sizeof(*codes));
	for (size_t i = 0; e == ERR_OK && i < RECOVERY_CODES; i++)
		e = make(user, &codes[i]);
	if (e != ERR_OK)
		secret_wipe(codes, RECOVERY_CODES * sizeof(*codes));
	return e;
}

/* The characters of a code in lower case. False if it is not the text of one. */
static bool
read_plain(struct str typed, char plain[PLAIN])
{
	size_t n = 0;

	if (typed.n > RECOVERY_TYPED_MAX)
		return false;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c == ' ' || c == '\t' || c == '-')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')) || n == PLAIN)
			return false;
		plain[n++] = c;
	}
	return n == PLAIN;
}

bool
recovery_is_code(struct str typed)
{
	char plain[PLAIN];
	bool is = read_plain(typed, plain);

	secret_wipe(plain, sizeof(plain));
	return is;
}

enum err
recovery_hash(struct str user, struct str typed, unsigned char hash[SHA256_SIZE],
	      bool *formed)
{
	char plain[PLAIN];
	enum err e = ERR_OK;

	memset(hash, 0, SHA256_SIZE);
	*formed = read_plain(typed, plain);
	if (*formed)
		e = hash_plain(user, (struct str){ plain, PLAIN }, hash);
	secret_wipe(plain, sizeof(plain));
	return e;
}
