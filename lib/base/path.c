#include "base/path.h"

#include "base/text.h"

static const char *
decode_refused(struct str raw, struct buf *out)
{
	for (size_t i = 0; i < raw.n; i++) {
		int c = (unsigned char)raw.p[i];

		if (c == '%') {
			c = text_percent_value(str_sub(raw, i, raw.n));
			if (c < 0)
				return "a % that is no escape";
			if (c == '/')
				return "an encoded slash";
			i += 2;
		} else if (c == '#') {
			return "a fragment";
		}
		if (c == '\\' || c == ';')
			return "a backslash or a semicolon";
		if (!buf_addc(out, (char)c))
			return "too long";
	}
	return NULL;
}

static const char *
segment_refused(struct str segment, bool last)
{
	if (segment.n == 0)
		return last ? NULL : "an empty segment";
	if (segment.p[segment.n - 1] == '.' || segment.p[segment.n - 1] == ' ')
		return "a segment that ends in a dot or a space";
	for (size_t i = 0; i < segment.n; i++)
		if (segment.p[i] == '%' &&
		    text_percent_value(str_sub(segment, i, segment.n)) >= 0)
			return "an escape within an escape";
	return NULL;
}

static const char *
shape_refused(struct str path)
{
	struct str rest = str_sub(path, 1, path.n);

	if (str_has_control(path))
		return "a control character";
	if (!str_is_utf8(path))
		return "not UTF-8";
	for (;;) {
		bool last = str_index(rest, '/') == rest.n;
		const char *reason = segment_refused(str_cut(&rest, '/'), last);

		if (reason != NULL || last)
			return reason;
	}
}

bool
path_canonical(struct str target, struct buf *path, const char **reason)
{
	struct str raw = str_sub(target, 0, str_index(target, '?'));
	struct buf decoded;

	buf_init(&decoded, PATH_MAX_BYTES);
	*reason = raw.n == 0 || raw.p[0] != '/' ? "a path starts with a slash" : NULL;
	if (*reason == NULL)
		*reason = decode_refused(raw, &decoded);
	if (*reason == NULL)
		*reason = shape_refused(buf_str(&decoded));
	if (*reason == NULL && !buf_add(path, buf_str(&decoded)))
		*reason = "too long";
	buf_done(&decoded);
	return *reason == NULL;
}

struct str
path_query(struct str target)
{
	size_t at = str_index(target, '?');

	return str_sub(target, at == target.n ? at : at + 1, target.n);
}
