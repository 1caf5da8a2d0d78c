#include "factor/totp.h"

#include <liboath/oath.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "factor/base32.h"

enum err
totp_new(unsigned char secret[TOTP_SECRET])
{
	return random_bytes(secret, TOTP_SECRET);
}

bool
totp_read(struct str typed, char code[TOTP_DIGITS + 1])
{
	size_t n = 0;

	memset(code, 0, TOTP_DIGITS + 1);
	if (typed.n > TOTP_TYPED_MAX)
		return false;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c == ' ' || c == '\t' || c == '-')
			continue;
		if (c < '0' || c > '9' || n == TOTP_DIGITS)
			return false;
		code[n++] = c;
	}
	return n == TOTP_DIGITS;
}

/* All steps of the window are computed and compared, whichever is right. */
enum err
totp_check(struct str secret, const char code[TOTP_DIGITS + 1], int64_t now,
	   int64_t window, int64_t *step)
{
	struct str shown = { code, TOTP_DIGITS };
	int64_t present = now / TOTP_SECONDS;
	char right[TOTP_DIGITS + 1];
	enum err e = ERR_OK;

	*step = 0;
	for (int64_t s = present - window; s <= present + window; s++) {
		if (s < 1)
			continue;
		if (oath_hotp_generate(secret.p, secret.n, (uint64_t)s, TOTP_DIGITS,
				       false, OATH_HOTP_DYNAMIC_TRUNCATION,
				       right) != OATH_OK)
			e = ERR_CRYPTO;
		else if (secret_equal(shown, (struct str){ right, TOTP_DIGITS }))
			*step = s;
	}
	secret_wipe(right, sizeof(right));
	if (e != ERR_OK)
		*step = 0;
	return e;
}

bool
totp_text(struct buf *out, struct str secret)
{
	struct buf text;

	buf_init(&text, 256);
	base32_encode(&text, secret, true);
	for (size_t i = 0; i < text.n; i++) {
		if (i > 0 && i % 4 == 0)
			buf_addc(out, ' ');
		buf_addc(out, text.p[i]);
	}
	if (text.failed)
		out->failed = true;
	buf_done(&text);
	return !out->failed;
}

/* Append `s` with every byte in percent-encoding that RFC 3986 does not leave plain. */
static void
put_encoded(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
		    c == '~')
			buf_addc(out, (char)c);
		else
			buf_addf(out, "%%%02X", c);
	}
}

static void
put_issuer(struct buf *out, struct str issuer)
{
	struct str part;

	while (issuer.n > 0) {
		part = str_cut(&issuer, ':');
		put_encoded(out, part);
		if (issuer.n > 0)
			buf_addz(out, "%20");
	}
}

bool
totp_uri(struct buf *out, struct str issuer, struct str account, struct str secret)
{
	buf_addz(out, "otpauth://totp/");
	put_issuer(out, issuer);
	buf_addc(out, ':');
	put_encoded(out, account);
	buf_addz(out, "?secret=");
	base32_encode(out, secret, true);
	buf_addz(out, "&issuer=");
	put_issuer(out, issuer);
	buf_addf(out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_SECONDS);
	return !out->failed;
}
