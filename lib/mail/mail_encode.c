#include "mail/mail_encode.h"

#include <string.h>

#include "base/base64url.h"

#define WORD_MAX 75 /* of an encoded word, RFC 2047, 2 */
#define WORD_START "=?utf-8?B?"
#define WORD_END "?="
#define WORD_BYTES 42 /* of text in one: 56 characters of base64, at a line's start */
#define QUOTED_MAX 76 /* of a line, with the = that ends it */
#define PLAIN_MAX 990
#define WRAP_MAX 76

/* ---- headers ---- */

static bool
is_plain_text(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	return text.n == 0 || memmem(text.p, text.n, "=?", 2) == NULL;
}

/* The number of bytes of `text` that fit into `capacity` without cutting a character. */
static size_t
piece(struct str text, size_t capacity)
{
	size_t n = text.n < capacity ? text.n : capacity;

	while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Base64 with padding, as mails have it (RFC 2045, 6.8). */
static void
add_base64(struct buf *out, struct str bytes)
{
	size_t start = out->n;

	base64url_encode(out, bytes);
	for (size_t i = start; i < out->n; i++)
		out->p[i] = (char)(out->p[i] == '-'   ? '+'
				   : out->p[i] == '_' ? '/'
						      : out->p[i]);
	while ((out->n - start) % 4 != 0 && buf_addc(out, '='))
		;
}

static void
encoded_word(struct buf *out, struct str bytes)
{
	char clean[WORD_BYTES];

	for (size_t i = 0; i < bytes.n; i++)
		clean[i] = (char)((unsigned char)bytes.p[i] < ' ' || bytes.p[i] == 0x7f
					  ? ' '
					  : bytes.p[i]);
	buf_addz(out, WORD_START);
	add_base64(out, (struct str){ clean, bytes.n });
	buf_addz(out, WORD_END);
}

static bool
encoded_words(struct buf *out, size_t column, struct str text)
{
	bool first = true;

	while (text.n > 0) {
		size_t capacity = first && column > 16 ? WORD_BYTES / 2 : WORD_BYTES;
		size_t n = piece(text, capacity);

		if (n == 0) /* not UTF-8 */
			n = 1;
		if (!first)
			buf_addz(out, "\n ");
		encoded_word(out, str_sub(text, 0, n));
		text = str_sub(text, n, text.n);
		first = false;
	}
	return !out->failed;
}

bool
mail_encode_text(struct buf *out, size_t column, struct str text)
{
	if (is_plain_text(text) && column + text.n <= 2 * (size_t)WORD_MAX)
		return buf_add(out, text);
	return encoded_words(out, column, text);
}

bool
mail_encode_name(struct buf *out, size_t column, struct str name)
{
	if (!is_plain_text(name) || column + name.n > WORD_MAX)
		return encoded_words(out, column, name);
	buf_addc(out, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, name.p[i]);
	}
	return buf_addc(out, '"');
}

/* ---- bodies ---- */

bool
mail_encode_is_plain(struct str body)
{
	if (body.n > 0 && memmem(body.p, body.n, "=_", 2) != NULL)
		return false;
	while (body.n > 0) {
		struct str line = str_cut(&body, '\n');

		if (line.n > PLAIN_MAX || str_starts_with(line, STR("From ")))
			return false;
		for (size_t i = 0; i < line.n; i++)
			if ((line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] > '~')
				return false;
	}
	return true;
}

/* A space or tab at the end of a line is lost in transport. The rest follows 6.7. */
static bool
stays(struct str line, size_t i)
{
	char c = line.p[i];

	if (c == ' ' || c == '\t')
		return i + 1 < line.n;
	if (i == 0 && (c == '.' || str_starts_with(line, STR("From "))))
		return false;
	return c > ' ' && c <= '~' && c != '=';
}

static void
quoted_line(struct buf *out, struct str line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.n; i++) {
		size_t width = stays(line, i) ? 1 : 3;

		if (column + width > QUOTED_MAX - 1) {
			buf_addz(out, "=\n");
			column = 0;
		}
		if (width == 1)
			buf_addc(out, line.p[i]);
		else
			buf_addf(out, "=%02X", (unsigned char)line.p[i]);
		column += width;
	}
	buf_addc(out, '\n');
}

bool
mail_encode_quoted(struct buf *out, struct str body)
{
	while (body.n > 0)
		quoted_line(out, str_cut(&body, '\n'));
	return !out->failed;
}

static size_t
characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
wrapped_line(struct buf *out, struct str line)
{
	size_t column = 0;

	while (line.n > 0) {
		struct str word = str_cut(&line, ' ');
		size_t n = characters(word);

		if (column > 0 && column + 1 + n > WRAP_MAX) {
			buf_addc(out, '\n');
			column = 0;
		} else if (column > 0) {
			buf_addc(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += n;
	}
	buf_addc(out, '\n');
}

bool
mail_encode_wrapped(struct buf *out, struct str text)
{
	while (text.n > 0)
		wrapped_line(out, str_cut(&text, '\n'));
	return !out->failed;
}
