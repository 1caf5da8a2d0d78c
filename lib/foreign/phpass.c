/*
 * phpass' portable hashes: $P$ or $H$, a character for the binary logarithm of the rounds,
 * 8 of salt, 22 of MD5. The first round is MD5(salt, password), the others are
 * MD5(digest, password).
 */
#include <string.h>

#include "crypto/secret.h"
#include "foreign/foreign_parts.h"

#define ROUNDS_MIN 7 /* binary logarithms, as phpass has them */
#define ROUNDS_MAX 20
#define MD5_SIZE 16

static const char itoa64[] =
	"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The binary logarithm; -1: malformed or too costly. */
static int
rounds_of(struct str hash)
{
	const char *p;

	if (hash.n != 34 ||
	    (!str_starts_with(hash, STR("$P$")) && !str_starts_with(hash, STR("$H$"))))
		return -1;
	if (!foreign_is_itoa64(str_sub(hash, 3, hash.n)))
		return -1;
	p = strchr(itoa64, hash.p[3]);
	return p - itoa64 >= ROUNDS_MIN && p - itoa64 <= ROUNDS_MAX ? (int)(p - itoa64)
								    : -1;
}

static bool
is(struct str hash, size_t *memory)
{
	(void)memory;
	return rounds_of(hash) >= 0;
}

/* Six bits a character, the lowest first. */
static void
encode(const unsigned char in[MD5_SIZE], char out[22])
{
	unsigned value = 0, bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < MD5_SIZE; i++) {
		value |= (unsigned)in[i] << bits;
		for (bits += 8; bits >= 6; bits -= 6, value >>= 6)
			out[n++] = itoa64[value & 63];
		if (i % 3 == 2) /* three bytes are four characters */
			value = bits = 0;
	}
	out[n] = itoa64[value & 63];
}

static enum err
compute(struct digest *d, struct str hash, struct str password,
	unsigned char out[DIGEST_MAX])
{
	struct str before = str_sub(hash, 4, 8);
	enum err e = ERR_OK;

	for (long i = 0; e == ERR_OK && i <= 1L << rounds_of(hash); i++) {
		if ((e = digest_begin(d)) != ERR_OK ||
		    (e = digest_add(d, before)) != ERR_OK ||
		    (e = digest_add(d, password)) != ERR_OK)
			break;
		e = digest_end(d, out);
		before = (struct str){ (const char *)out, MD5_SIZE };
	}
	return e;
}

static enum err
check(struct str hash, struct str password, bool *match)
{
	unsigned char out[DIGEST_MAX];
	char text[22];
	struct digest *d;
	enum err e = digest_open(&d, "MD5");

	*match = false;
	if (e == ERR_OK)
		e = compute(d, hash, password, out);
	if (e == ERR_OK) {
		encode(out, text);
		*match = secret_equal((struct str){ text, sizeof(text) },
				      str_sub(hash, 12, 22));
	}
	digest_close(d);
	secret_wipe(out, sizeof(out));
	return e;
}

const struct foreign_kind foreign_phpass = { .is = is, .check = check, .quick = true };
