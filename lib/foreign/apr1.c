/*
 * Apache's variant of MD5-crypt: $apr1$, up to 8 of salt, $, 22 of MD5. A thousand rounds,
 * as apr_md5_encode of the Apache Portable Runtime computes them.
 */
#include "crypto/secret.h"
#include "foreign/foreign_parts.h"

#define MAGIC STR("$apr1$")
#define MD5_SIZE 16
#define ROUNDS 1000

static struct str
salt_of(struct str hash)
{
	struct str rest = str_sub(hash, MAGIC.n, hash.n);

	return str_cut(&rest, '$');
}

static bool
is(struct str hash, size_t *memory)
{
	struct str salt;

	(void)memory;
	if (!str_starts_with(hash, MAGIC))
		return false;
	salt = salt_of(hash);
	return salt.n >= 1 && salt.n <= 8 && foreign_is_itoa64(salt) &&
	       hash.n == MAGIC.n + salt.n + 1 + 22 &&
	       foreign_is_itoa64(str_sub(hash, MAGIC.n + salt.n + 1, 22));
}

/* ---- the digest ---- */

/* Additions that stop at the first error. */
struct sum {
	struct digest *d;
	enum err e;
};

static void
begin(struct sum *s)
{
	if (s->e == ERR_OK)
		s->e = digest_begin(s->d);
}

static void
add(struct sum *s, struct str bytes)
{
	if (s->e == ERR_OK)
		s->e = digest_add(s->d, bytes);
}

static void
end(struct sum *s, unsigned char out[DIGEST_MAX])
{
	if (s->e == ERR_OK)
		s->e = digest_end(s->d, out);
}

static void
compute_first(struct sum *s, struct str salt, struct str password,
	      unsigned char out[DIGEST_MAX])
{
	unsigned char inner[DIGEST_MAX] = { 0 };
	size_t left;

	begin(s);
	add(s, password);
	add(s, salt);
	add(s, password);
	end(s, inner);
	begin(s);
	add(s, password);
	add(s, MAGIC);
	add(s, salt);
	for (left = password.n; left > 0; left -= left < MD5_SIZE ? left : MD5_SIZE)
		add(s, (struct str){ (char *)inner, left < MD5_SIZE ? left : MD5_SIZE });
	for (left = password.n; left > 0; left >>= 1)
		add(s, (left & 1) ? STR("\0") : str_sub(password, 0, 1));
	end(s, out);
	secret_wipe(inner, sizeof(inner));
}

static void
compute(struct sum *s, struct str salt, struct str password,
	unsigned char out[DIGEST_MAX])
{
	struct str so_far = { (char *)out, MD5_SIZE };

	compute_first(s, salt, password, out);
	for (int i = 0; i < ROUNDS; i++) {
		begin(s);
		add(s, (i & 1) ? password : so_far);
		if (i % 3 != 0)
			add(s, salt);
		if (i % 7 != 0)
			add(s, password);
		add(s, (i & 1) ? so_far : password);
		end(s, out);
	}
}

/* ---- its text ---- */

static void
encode_group(unsigned value, size_t n, char *out)
{
	static const char itoa64[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (size_t i = 0; i < n; i++, value >>= 6)
		out[i] = itoa64[value & 63];
}

static void
encode(const unsigned char in[MD5_SIZE], char out[22])
{
	for (size_t i = 0; i < 5; i++)
		encode_group((unsigned)in[i] << 16 | (unsigned)in[i + 6] << 8 |
				     in[i == 4 ? 5 : i + 12],
			     4, out + 4 * i);
	encode_group(in[11], 2, out + 20);
}

static enum err
check(struct str hash, struct str password, bool *match)
{
	unsigned char out[DIGEST_MAX] = { 0 };
	struct sum s = { .e = ERR_OK };
	struct str salt = salt_of(hash);
	char text[22];

	*match = false;
	s.e = digest_open(&s.d, "MD5");
	compute(&s, salt, password, out);
	if (s.e == ERR_OK) {
		encode(out, text);
		*match = secret_equal((struct str){ text, sizeof(text) },
				      str_sub(hash, MAGIC.n + salt.n + 1, 22));
	}
	digest_close(s.d);
	secret_wipe(out, sizeof(out));
	return s.e;
}

const struct foreign_kind foreign_apr1 = {
	.is = is, .check = check, .quick = true, .weak = true
};
