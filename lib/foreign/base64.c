#include "foreign/base64.h"

#include "base/base64url.h"

#define TEXT_MAX 2048

/* One alphabet into the other: two characters differ. */
static void
swap(struct buf *b, const char *from, const char *to)
{
	for (size_t i = 0; i < b->n; i++)
		for (int k = 0; k < 2; k++)
			if (b->p[i] == from[k]) {
				b->p[i] = to[k];
				break;
			}
}

bool
base64_encode(struct buf *out, struct str bytes)
{
	struct buf text;
	bool good;

	buf_init(&text, TEXT_MAX);
	base64url_encode(&text, bytes);
	swap(&text, "-_", "+/");
	while (text.n % 4 != 0 && buf_addc(&text, '='))
		continue;
	good = !text.failed && buf_add(out, buf_str(&text));
	buf_done(&text);
	return good;
}

bool
base64_decode_to(void *bytes, size_t size, size_t *n, struct str text)
{
	struct buf other;
	bool good;

	if (text.n % 4 == 0 && text.n > 0 && text.p[text.n - 1] == '=') {
		text.n--;
		if (text.p[text.n - 1] == '=')
			text.n--;
	}
	buf_init(&other, TEXT_MAX);
	good = str_index(text, '-') == text.n && str_index(text, '_') == text.n &&
	       buf_add(&other, text);
	if (good) {
		swap(&other, "+/", "-_");
		good = base64url_decode_to(bytes, size, n, buf_str(&other));
	}
	buf_done(&other);
	return good;
}
