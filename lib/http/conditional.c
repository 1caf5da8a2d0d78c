#include "http/conditional.h"

#include "http/date.h"

/* Take one entity tag from the start of `s` (RFC 9110, 8.8.3). */
static bool
take_tag(struct str *s, bool *weak, struct str *tag)
{
	size_t end = 1;

	*weak = str_starts_with(*s, STR("W/"));
	if (*weak)
		*s = str_sub(*s, 2, s->n);
	if (s->n < 2 || s->p[0] != '"')
		return false;
	while (end < s->n && s->p[end] != '"') {
		unsigned char c = (unsigned char)s->p[end++];

		if (c <= 0x20 || c == 0x7f)
			return false;
	}
	if (end == s->n)
		return false;
	*tag = str_sub(*s, 0, end + 1);
	*s = str_sub(*s, end + 1, s->n);
	return true;
}

bool
conditional_names(struct str header, struct str etag, bool weak)
{
	bool is_weak;
	struct str tag;

	header = str_trim(header);
	if (str_is(header, "*"))
		return true;
	while (header.n > 0) {
		if (header.p[0] == ',') {
			header = str_trim(str_sub(header, 1, header.n));
			continue;
		}
		if (!take_tag(&header, &is_weak, &tag))
			return false;
		if (str_eq(tag, etag) && (weak || !is_weak))
			return true;
		header = str_trim(header);
		if (header.n > 0 && header.p[0] != ',')
			return false;
	}
	return false;
}

/* Steps 1 and 2: If-Match, or else If-Unmodified-Since. */
static bool
may_proceed(const struct request *r, const struct representation *of)
{
	struct str match = request_env(r, "HTTP_IF_MATCH");
	int64_t date;

	if (match.p != NULL)
		return conditional_names(match, of->etag, false);
	if (date_read(request_env(r, "HTTP_IF_UNMODIFIED_SINCE"), &date))
		return of->last_modified <= date;
	return true;
}

/* Steps 3 and 4: If-None-Match, or else If-Modified-Since. */
static bool
is_unchanged(const struct request *r, const struct representation *of)
{
	struct str none_match = request_env(r, "HTTP_IF_NONE_MATCH");
	int64_t date;

	if (none_match.p != NULL)
		return conditional_names(none_match, of->etag, true);
	if (request_is_read(r) &&
	    date_read(request_env(r, "HTTP_IF_MODIFIED_SINCE"), &date))
		return of->last_modified <= date;
	return false;
}

/* Step 5: does the part that the client holds belong to this representation? */
static bool
range_applies(const struct request *r, const struct representation *of, int64_t now)
{
	struct str if_range = request_env(r, "HTTP_IF_RANGE");
	int64_t date;

	if (if_range.p == NULL)
		return true;
	if_range = str_trim(if_range);
	if (date_read(if_range, &date))
		return date == of->last_modified && of->last_modified < now - 60;
	return str_eq(if_range, of->etag);
}

/* 1*DIGIT. A larger number than INT64_MAX is read as INT64_MAX. */
static bool
read_position(struct str s, int64_t *value)
{
	if (s.n == 0)
		return false;
	*value = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (*value > (INT64_MAX - 9) / 10)
			*value = INT64_MAX;
		else
			*value = *value * 10 + (s.p[i] - '0');
	}
	return true;
}

/* One range: 206, 416, or 200 if it is to be ignored (RFC 9110, 14.1.2). */
static int
read_range(struct str header, int64_t size, int64_t *first, int64_t *length)
{
	struct str unit = str_cut(&header, '='), from, to;
	int64_t a, b = INT64_MAX;

	header = str_trim(header);
	if (!str_eq_nocase(unit, STR("bytes")) || str_index(header, '-') == header.n)
		return 200;
	to = header;
	from = str_cut(&to, '-');
	if (from.n == 0) { /* the last b bytes */
		if (!read_position(to, &b))
			return 200;
		if (b == 0 || size == 0)
			return 416;
		*length = b < size ? b : size;
		*first = size - *length;
		return 206;
	}
	if (!read_position(from, &a) || (to.n > 0 && !read_position(to, &b)) || b < a)
		return 200;
	if (a >= size)
		return 416;
	*first = a;
	*length = (b < size ? b + 1 : size) - a;
	return 206;
}

struct conditional
conditional_decide(const struct request *r, const struct representation *of, int64_t now)
{
	struct conditional c = { .status = 200, .length = of->length };
	struct str range = request_env(r, "HTTP_RANGE");

	if (!may_proceed(r, of)) {
		c.status = 412;
	} else if (is_unchanged(r, of)) {
		c.status = request_is_read(r) ? 304 : 412;
	} else if (range.p != NULL && request_is(r, "GET") && range_applies(r, of, now)) {
		c.status = read_range(range, of->length, &c.first, &c.length);
	}
	return c;
}
