#include "http/cookie.h"

#include <string.h>

static struct str
prefix(const struct cookie *c)
{
	if (c->plain_http)
		return STR("");
	if (c->domain.n == 0 && str_is(str_of(c->path), "/"))
		return STR("__Host-");
	return STR("__Secure-");
}

static bool
is_named(const struct cookie *c, struct str name)
{
	struct str p = prefix(c);

	return str_starts_with(name, p) && str_is(str_sub(name, p.n, name.n), c->name);
}

bool
cookie_name(const struct cookie *c, struct buf *out)
{
	buf_add(out, prefix(c));
	return buf_addz(out, c->name);
}

/* cookie-octet of RFC 6265, 4.1.1. */
static bool
is_cookie_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c >= 0x7f || strchr("\",;\\", c) != NULL)
			return false;
	}
	return true;
}

/*
 * How often the cookie occurs in one part between semicolons. A comma may come from
 * two merged headers, so "name=1, s=2" and "s=2, name=1" count as twice.
 */
static size_t
count_in_part(const struct cookie *c, struct str part, struct str *value)
{
	bool merged = str_index(part, ',') < part.n;
	size_t n = 0;

	do {
		struct str piece = str_cut(&part, ',');

		if (!is_named(c, str_trim(str_cut(&piece, '='))))
			continue;
		*value = str_trim(piece);
		n += merged ? 2 : 1;
	} while (part.n > 0);
	return n;
}

enum cookie_found
cookie_find(const struct cookie *c, struct str header, struct str *value)
{
	struct str found = { NULL, 0 };
	size_t n = 0;

	*value = found;
	while (header.n > 0)
		n += count_in_part(c, str_cut(&header, ';'), &found);
	if (n == 0)
		return COOKIE_ABSENT;
	if (n > 1 || !is_cookie_value(found))
		return COOKIE_BAD;
	*value = found;
	return COOKIE_ONE;
}

/* av-octet of RFC 6265, 4.1.1: any byte but control bytes and the semicolon. */
static bool
is_attribute(struct str s)
{
	return !str_has_control(s) && str_index(s, ';') == s.n;
}

bool
cookie_set(const struct cookie *c, struct str value, int64_t max_age, struct buf *out)
{
	struct str path = str_of(c->path);

	if (prefix(c).n + strlen(c->name) + value.n > COOKIE_MAX ||
	    !is_cookie_value(value) || !is_attribute(path) || !is_attribute(c->domain) ||
	    !str_starts_with(path, STR("/"))) {
		out->failed = true;
		return false;
	}
	cookie_name(c, out);
	buf_addc(out, '=');
	buf_add(out, value);
	buf_addz(out, "; Path=");
	buf_add(out, path);
	if (c->domain.n > 0) {
		buf_addz(out, "; Domain=");
		buf_add(out, c->domain);
	}
	if (max_age >= 0)
		buf_addf(out, "; Max-Age=%lld", (long long)max_age);
	if (!c->plain_http)
		buf_addz(out, "; Secure");
	return buf_addz(out, "; HttpOnly; SameSite=Lax");
}

bool
cookie_clear(const struct cookie *c, struct buf *out)
{
	return cookie_set(c, STR(""), 0, out);
}

struct str
cookie_get(const struct request *req, const struct cookie *c)
{
	struct str value;

	return cookie_find(c, request_env(req, "HTTP_COOKIE"), &value) == COOKIE_ONE
		       ? value
		       : STR("");
}

void
cookie_put(struct response *res, const struct cookie *c, struct str value,
	   int64_t max_age)
{
	struct buf line;

	buf_init(&line, 8192);
	cookie_set(c, value, max_age, &line);
	if (line.failed)
		res->failed = true;
	else
		response_header_add(res, "Set-Cookie", buf_str(&line));
	buf_done(&line);
}

void
cookie_drop(struct response *res, const struct cookie *c)
{
	struct buf line;

	buf_init(&line, 8192);
	cookie_clear(c, &line);
	if (line.failed)
		res->failed = true;
	else
		response_header_add(res, "Set-Cookie", buf_str(&line));
	buf_done(&line);
}
