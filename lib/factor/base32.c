#include "factor/base32.h"

bool
base32_encode(struct buf *out, struct str bytes, bool upper)
{
	const char *alphabet = upper ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
				     : "abcdefghijklmnopqrstuvwxyz234567";
	unsigned held = 0; /* bits that are not written yet */
	int n = 0;         /* how many */

	if (!buf_reserve(out, BASE32_LENGTH(bytes.n)))
		return false;
	for (size_t i = 0; i < bytes.n; i++) {
		held = (held << 8 | (unsigned char)bytes.p[i]) & 0xfff;
		for (n += 8; n >= 5; n -= 5)
			buf_addc(out, alphabet[held >> (n - 5) & 31]);
	}
	if (n > 0)
		buf_addc(out, alphabet[held << (5 - n) & 31]);
	return !out->failed;
}
