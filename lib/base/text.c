#include "base/text.h"

#include <string.h>

int
text_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
text_add_hex(struct buf *out, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";

	if (bytes.n > SIZE_MAX / 2 || !buf_reserve(out, 2 * bytes.n))
		return false;
	for (size_t i = 0; i < bytes.n; i++) {
		out->p[out->n++] = digits[(unsigned char)bytes.p[i] >> 4];
		out->p[out->n++] = digits[bytes.p[i] & 15];
	}
	out->p[out->n] = '\0';
	return !out->failed;
}

int
text_percent_value(struct str s)
{
	int high, low;

	if (s.n < 3 || s.p[0] != '%')
		return -1;
	high = text_hex_value(s.p[1]);
	low = text_hex_value(s.p[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

bool
text_add_percent(struct buf *out, struct str value, const char *keep)
{
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (is_unreserved(c) || (c != '\0' && strchr(keep, c) != NULL))
			buf_addc(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
	return !out->failed;
}

bool
text_is_uuid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : text_hex_value(s.p[i]) < 0)
			return false;
	}
	return true;
}

enum err
text_duration(struct str s, int64_t max, int64_t *seconds)
{
	static const char letters[] = "smhd";
	static const int64_t units[] = { 1, 60, 3600, 86400 };
	const char *letter = NULL;
	int64_t unit = 1;

	if (s.n > 1 && s.p[s.n - 1] != '\0')
		letter = strchr(letters, s.p[s.n - 1]);
	if (letter != NULL) {
		unit = units[letter - letters];
		s.n--;
	}
	if (!str_to_int(s, 0, INT64_MAX, seconds))
		return ERR_SYNTAX;
	if (*seconds > max / unit)
		return ERR_LIMIT;
	*seconds *= unit;
	return ERR_OK;
}

#define NEAREST_MAX 64

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The number of edits that turn `a` into `b`. Both have at most NEAREST_MAX bytes. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *row = rows[i % 3], *last = rows[(i + 2) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			bool swapped = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				       a.p[i - 2] == b.p[j - 1];

			row[j] = least(last[j - 1] + (a.p[i - 1] != b.p[j - 1]),
				       least(last[j], row[j - 1]) + 1);
			if (swapped)
				row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

/* The name that begins with `start`. NULL if there is none, or more than one. */
static const char *
only_beginning(struct str start, const char *row, size_t size)
{
	const char *found = NULL, *name;

	for (; (name = *(const char *const *)(const void *)row) != NULL; row += size)
		if (start.n >= 2 && str_starts_with(str_of(name), start)) {
			if (found != NULL)
				return NULL;
			found = name;
		}
	return found;
}

const char *
text_nearest(struct str name, const void *table, size_t size)
{
	const char *row = table, *found = only_beginning(name, row, size), *other;
	size_t best = name.n / 3 + 1;

	if (found != NULL || name.n > NEAREST_MAX)
		return found;
	for (; (other = *(const char *const *)(const void *)row) != NULL; row += size) {
		struct str s = str_of(other);
		size_t d = s.n > NEAREST_MAX ? best : distance(name, s);

		if (d < best) {
			found = other;
			best = d;
		}
	}
	return found;
}
