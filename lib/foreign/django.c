/*
 * Django: NAME$ITERATIONS$SALT$BASE64 for PBKDF2, scrypt$N$SALT$R$P$BASE64, and
 * bcrypt_sha256$ before a bcrypt hash of the hexadecimal SHA-256 of the password.
 */
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "foreign/base64.h"
#include "foreign/foreign_parts.h"

#define ITERATIONS_MAX 2000000
#define SCRYPT_WORK_MAX ((int64_t)1 << 30) /* bytes that are mixed: about a second */
#define SALT_MAX 128
#define OUT_MAX 64

struct parts {
	const char *digest;
	struct str salt;
	int64_t numbers[3]; /* iterations; or N, R and P */
	unsigned char bytes[OUT_MAX];
	size_t n;
};

static bool
take_salt(struct str *rest, struct parts *p)
{
	p->salt = str_cut(rest, '$');
	return p->salt.n > 0 && p->salt.n <= SALT_MAX;
}

static enum err
compare(enum err e, const struct parts *p, unsigned char out[OUT_MAX], bool *match)
{
	*match =
		e == ERR_OK && secret_equal((struct str){ (char *)out, p->n },
					    (struct str){ (const char *)p->bytes, p->n });
	secret_wipe(out, OUT_MAX);
	return e;
}

/* ---- PBKDF2 ---- */

static bool
is_pbkdf2_parts(struct str hash, struct parts *p)
{
	struct str name = str_cut(&hash, '$');
	size_t size = str_is(name, "pbkdf2_sha1") ? 20 : 32;

	p->digest = size == 20 ? "SHA1" : "SHA256";
	return (size == 20 || str_is(name, "pbkdf2_sha256")) &&
	       str_to_int(str_cut(&hash, '$'), 1, ITERATIONS_MAX, &p->numbers[0]) &&
	       take_salt(&hash, p) &&
	       base64_decode_to(p->bytes, sizeof(p->bytes), &p->n, hash) && p->n == size;
}

static bool
is_pbkdf2(struct str hash, size_t *memory)
{
	struct parts p;

	(void)memory;
	return is_pbkdf2_parts(hash, &p);
}

static enum err
check_pbkdf2(struct str hash, struct str password, bool *match)
{
	unsigned char out[OUT_MAX];
	struct parts p;

	*match = false;
	if (!is_pbkdf2_parts(hash, &p))
		return ERR_CRYPTO;
	return compare(digest_pbkdf2(p.digest, password, p.salt, p.numbers[0], out, p.n),
		       &p, out, match);
}

const struct foreign_kind foreign_pbkdf2 = { .is = is_pbkdf2, .check = check_pbkdf2 };

/* ---- scrypt ---- */

static bool
is_scrypt_parts(struct str hash, struct parts *p, size_t *memory)
{
	int64_t *n = &p->numbers[0], *r = &p->numbers[1], *lanes = &p->numbers[2];

	if (!str_is(str_cut(&hash, '$'), "scrypt") ||
	    !str_to_int(str_cut(&hash, '$'), 2, (int64_t)1 << 24, n) ||
	    (*n & (*n - 1)) != 0 || !take_salt(&hash, p) ||
	    !str_to_int(str_cut(&hash, '$'), 1, 64, r) ||
	    !str_to_int(str_cut(&hash, '$'), 1, 64, lanes) ||
	    *n * *r * *lanes * 128 > SCRYPT_WORK_MAX)
		return false;
	*memory = (size_t)(128 * *r * (*n + *lanes + 2));
	return base64_decode_to(p->bytes, sizeof(p->bytes), &p->n, hash) &&
	       p->n == OUT_MAX;
}

static bool
is_scrypt(struct str hash, size_t *memory)
{
	struct parts p;

	return is_scrypt_parts(hash, &p, memory);
}

static enum err
check_scrypt(struct str hash, struct str password, bool *match)
{
	unsigned char out[OUT_MAX];
	size_t memory;
	struct parts p;

	*match = false;
	if (!is_scrypt_parts(hash, &p, &memory))
		return ERR_CRYPTO;
	return compare(
		digest_scrypt(password, p.salt, p.numbers, memory + 65536, out, p.n), &p,
		out, match);
}

const struct foreign_kind foreign_scrypt = { .is = is_scrypt, .check = check_scrypt };

/* ---- bcrypt of SHA-256 ---- */

#define BCRYPT_SHA256 STR("bcrypt_sha256$")

static bool
is_bcrypt_sha256(struct str hash, size_t *memory)
{
	(void)memory;
	return str_starts_with(hash, BCRYPT_SHA256) &&
	       foreign_is_bcrypt(str_sub(hash, BCRYPT_SHA256.n, hash.n));
}

static enum err
check_bcrypt_sha256(struct str hash, struct str password, bool *match)
{
	unsigned char digest[SHA256_SIZE];
	struct buf text;
	enum err e = ERR_MEMORY;

	*match = false;
	buf_init(&text, 2 * SHA256_SIZE);
	if (sha256(password, digest) == ERR_OK &&
	    text_add_hex(&text, (struct str){ (char *)digest, sizeof(digest) }))
		e = foreign_crypt(str_sub(hash, BCRYPT_SHA256.n, hash.n), buf_str(&text),
				  match);
	buf_done(&text);
	secret_wipe(digest, sizeof(digest));
	return e;
}

const struct foreign_kind foreign_bcrypt_sha256 = { .is = is_bcrypt_sha256,
						    .check = check_bcrypt_sha256 };
