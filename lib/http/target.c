#include "http/target.h"

#include <string.h>

#include "base/text.h"

#define TARGET_DECODINGS 16 /* an address that is encoded more often is an attack */

/* Decode in place, once. Everything that is no escape stays. Returns the new length. */
static size_t
decode_once(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++, to++) {
		int byte = text_percent_value((struct str){ p + i, n - i });

		p[to] = byte < 0 ? p[i] : (char)byte;
		if (byte >= 0)
			i += 2;
	}
	return to;
}

/* No control byte, written out or as an escape, and no escape that is none. */
static bool
is_visible_uri(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		int byte;

		if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '"' || c == '<' ||
		    c == '>' || c == '#')
			return false;
		if (c != '%')
			continue;
		byte = text_percent_value(str_sub(s, i, s.n));
		if (byte < 0x20 || byte == 0x7f)
			return false;
	}
	return true;
}

/*
 * Characters that look like a slash or a backslash, or that some software turns into
 * one, and the line and paragraph separators.
 */
static bool
has_lookalike(struct str s)
{
	static const char lookalikes[][4] = {
		"\xe2\x81\x84", "\xe2\x88\x95", "\xe2\x88\x96", "\xe2\xa7\xb5",
		"\xe2\xa7\xb6", "\xe2\xa7\xb8", "\xe2\xa7\xb9", "\xef\xbc\x8f",
		"\xef\xbc\xbc", "\xef\xb9\xa8", "\xe3\x80\xb1", "\xe3\x80\xb3",
		"\xe3\x80\xb5", "\xe2\x80\xa8", "\xe2\x80\xa9",
	};

	for (size_t i = 0; i < sizeof(lookalikes) / sizeof(*lookalikes); i++)
		if (memmem(s.p, s.n, lookalikes[i], 3) != NULL)
			return true;
	return false;
}

/*
 * An empty segment with more after it, if every segment before it is "." or undone by
 * "..". Some reader would see "//host" there.
 */
static bool
leads_elsewhere(struct str path)
{
	size_t depth = 0;

	path = str_sub(path, 1, path.n);
	for (bool more = true; more;) {
		struct str segment;

		more = str_index(path, '/') < path.n;
		segment = str_cut(&path, '/');
		if (str_is(segment, ".."))
			depth -= depth > 0;
		else if (depth == 0 && segment.n == 0 && more)
			return true;
		else if (!str_is(segment, "."))
			depth++;
	}
	return false;
}

static bool
is_harmless(struct str path)
{
	return str_starts_with(path, STR("/")) && !str_has_control(path) &&
	       str_index(path, '\\') == path.n && str_is_utf8(path) &&
	       !has_lookalike(path) && !leads_elsewhere(path);
}

/* Check the path at each depth of encoding that it has. */
static bool
is_own_path(struct str path)
{
	char bytes[TARGET_MAX];
	size_t n = path.n;

	for (size_t i = 0; i < n; i++)
		bytes[i] = path.p[i];
	for (int round = 0; round < TARGET_DECODINGS; round++) {
		size_t decoded;

		if (!is_harmless((struct str){ bytes, n }))
			return false;
		decoded = decode_once(bytes, n);
		if (decoded == n)
			return true;
		n = decoded;
	}
	return false;
}

/* The query may contain any address, encoded or not. */
bool
target_is_path(struct str target)
{
	struct str query = target;

	return target.n > 0 && target.n <= TARGET_MAX && is_visible_uri(target) &&
	       is_own_path(str_cut(&query, '?'));
}

static bool
is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool
is_host(struct str s)
{
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']') {
		for (size_t i = 1; i < s.n - 1; i++)
			if (text_hex_value(s.p[i]) < 0 && s.p[i] != ':' && s.p[i] != '.')
				return false;
		return true;
	}
	for (size_t i = 0; i < s.n; i++)
		if (!is_host_byte(s.p[i]))
			return false;
	return s.n > 0;
}

static size_t
port_index(struct str authority)
{
	size_t at = authority.n;

	while (at > 0 && authority.p[at - 1] >= '0' && authority.p[at - 1] <= '9')
		at--;
	return at > 0 && authority.p[at - 1] == ':' ? at - 1 : authority.n;
}

bool
target_is_origin(struct str origin)
{
	bool https = str_starts_with(origin, STR("https://"));
	struct str authority = str_sub(origin, https ? 8 : 7, origin.n);
	size_t colon = port_index(authority);
	int64_t port;

	if (!https && !str_starts_with(origin, STR("http://")))
		return false;
	if (!is_host(str_sub(authority, 0, colon)))
		return false;
	if (colon == authority.n)
		return true;
	return str_to_int(str_sub(authority, colon + 1, authority.n), 1, 65535, &port) &&
	       port != (https ? 443 : 80);
}

struct str
target_origin(struct str url)
{
	size_t scheme = str_starts_with(url, STR("https://")) ? 8 : 7, n;
	struct str origin;

	for (n = scheme; n < url.n; n++)
		if (url.p[n] == '/' || url.p[n] == '?' || url.p[n] == '#')
			break;
	origin = str_sub(url, 0, n);
	return target_is_origin(origin) ? origin : (struct str){ NULL, 0 };
}

bool
target_is_loopback(struct str host)
{
	struct str below = STR(".localhost");

	return str_eq_nocase(host, STR("localhost")) || str_is(host, "127.0.0.1") ||
	       str_is(host, "[::1]") ||
	       (host.n > below.n &&
		str_eq_nocase(str_sub(host, host.n - below.n, below.n), below));
}

bool
target_leads_to_loopback(struct str url)
{
	size_t scheme = str_starts_with(url, STR("https://")) ? 8 : 7, n = scheme;
	struct str authority;

	if (scheme == 7 && !str_starts_with(url, STR("http://")))
		return false;
	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	authority = str_sub(url, scheme, n - scheme);
	return str_index(authority, '@') == authority.n &&
	       target_is_loopback(str_sub(authority, 0, port_index(authority)));
}

bool
target_is_listed(struct str origin, const char *const *origins, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(origin, origins[i]))
			return true;
	return false;
}

bool
target_is_allowed(struct str target, const char *const *origins, size_t n)
{
	struct str origin, rest;

	if (target.n > TARGET_MAX)
		return false;
	if (target_is_path(target))
		return true;
	origin = target_origin(target);
	rest = str_sub(target, origin.n, target.n);
	if (origin.n == 0 || (rest.n > 0 && !target_is_path(rest)))
		return false;
	return target_is_listed(origin, origins, n);
}

bool
target_login(struct buf *out, struct str login, struct str uri)
{
	buf_add(out, login);
	if (!target_is_path(uri))
		return !out->failed;
	buf_addz(out, "?return_to=");
	return text_add_percent(out, uri, "/");
}
