#include "template/escape.h"

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the UTF-8 character at the start of `s`, or 0 if there is none. */
static size_t
character_length(struct str s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n <= s.n && str_is_utf8(str_sub(s, 0, n)) ? n : 0;
}

static bool
add_ascii(struct buf *out, char c)
{
	switch (c) {
	case '&':
		return buf_addz(out, "&amp;");
	case '<':
		return buf_addz(out, "&lt;");
	case '>':
		return buf_addz(out, "&gt;");
	case '"':
		return buf_addz(out, "&quot;");
	case '\'':
		return buf_addz(out, "&#39;");
	case '\t':
	case '\n':
		return buf_addc(out, c);
	default:
		if ((unsigned char)c < 0x20 || c == 0x7f)
			return buf_addz(out, REPLACEMENT);
		return buf_addc(out, c);
	}
}

/* Character by character, those of ASCII by `add_one`. */
static bool
escape(struct buf *out, struct str text, bool (*add_one)(struct buf *out, char c))
{
	while (text.n > 0) {
		size_t n = character_length(text);

		if (n == 0)
			buf_addz(out, REPLACEMENT);
		else if (n == 1)
			add_one(out, text.p[0]);
		else
			buf_add(out, str_sub(text, 0, n));
		text = str_sub(text, n == 0 ? 1 : n, text.n);
	}
	return buf_reserve(out, 0);
}

bool
escape_html(struct buf *out, struct str text)
{
	return escape(out, text, add_ascii);
}

/* A line end in a value must not begin a line of the text around it. */
static bool
add_plain(struct buf *out, char c)
{
	if ((unsigned char)c < 0x20 || c == 0x7f)
		return buf_addc(out, ' ');
	return buf_addc(out, c);
}

bool
escape_plain(struct buf *out, struct str text)
{
	return escape(out, text, add_plain);
}

/*
 * Browsers remove tabs and newlines from a URL and read a backslash as a slash (URL
 * Standard, 4.4), so a URL must not contain any of them.
 */
static bool
is_fetchable(struct str url)
{
	if (str_has_control(url) || str_index(url, '\\') < url.n)
		return false;
	if (str_starts_with(url, STR("https://")) ||
	    str_starts_with(url, STR("http://")) ||
	    str_starts_with(url, STR("mailto:")) ||
	    str_starts_with(url, STR("otpauth://totp/")))
		return true;
	return str_starts_with(url, STR("/")) && !str_starts_with(url, STR("//"));
}

bool
escape_html_url(struct buf *out, struct str url)
{
	if (!is_fetchable(url)) {
		out->failed = true;
		return false;
	}
	return escape_html(out, url);
}

bool
escape_url(struct buf *out, struct str value)
{
	return text_add_percent(out, value, "");
}
