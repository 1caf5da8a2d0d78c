#include "client/client_redirect.h"

#include <string.h>

#include "base/text.h"
#include "http/target.h"

/* Text of the URI at which one of `ends` begins, or its end. */
static size_t
index_of(struct str s, size_t from, const char *ends)
{
	while (from < s.n && strchr(ends, s.p[from]) == NULL)
		from++;
	return from;
}

/* Only bytes of a URI (RFC 3986, 2), and no escape of a control byte. */
static bool
has_good_bytes(struct str uri)
{
	for (size_t i = 0; i < uri.n; i++) {
		char c = uri.p[i];
		int byte;

		if (c <= 0x20 || c >= 0x7f || strchr("\"<>\\^`{|}", c) != NULL)
			return false;
		if (c != '%')
			continue;
		byte = text_percent_value(str_sub(uri, i, uri.n));
		if (byte < 0x20 || byte == 0x7f)
			return false;
	}
	return true;
}

/* The scheme in front of the first colon (RFC 3986, 3.1), in lower case. Empty: none. */
static struct str
scheme_of(struct str uri)
{
	size_t n = str_index(uri, ':');

	if (n == uri.n || uri.p[0] < 'a' || uri.p[0] > 'z')
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < n; i++) {
		char c = uri.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '+' &&
		    c != '-' && c != '.')
			return (struct str){ NULL, 0 };
	}
	return str_sub(uri, 0, n);
}

/*
 * Write the origin of an http or https address to `text` as browsers write it. Empty if
 * there is none.
 */
static struct str
web_origin(struct str uri, struct str scheme, char text[CLIENT_REDIRECT_SOURCE])
{
	struct str port = str_is(scheme, "https") ? STR(":443") : STR(":80");
	struct str origin = { text, 0 };
	size_t host = scheme.n + strlen("://");
	size_t end = index_of(uri, host, "/?#");

	if (!str_starts_with(str_sub(uri, scheme.n, uri.n), STR("://")))
		return origin;
	if (str_ends_with(str_sub(uri, host, end - host), port))
		end -= port.n;
	if (end > CLIENT_REDIRECT_SOURCE)
		return origin;
	for (size_t i = 0; i < end; i++) {
		char c = uri.p[i];

		text[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	if (target_is_origin((struct str){ text, end }))
		origin.n = end;
	return origin;
}

static enum client_redirect_fault
judge_web(struct str uri, struct str scheme)
{
	char text[CLIENT_REDIRECT_SOURCE];
	struct str origin = web_origin(uri, scheme, text);

	if (origin.n == 0)
		return CLIENT_REDIRECT_HOST;
	if (str_is(scheme, "http") && !target_leads_to_loopback(origin))
		return CLIENT_REDIRECT_PLAIN;
	return CLIENT_REDIRECT_GOOD;
}

/* A name that belongs to somebody, turned around (RFC 8252, 7.1). */
static bool
is_private(struct str scheme)
{
	size_t dot = str_index(scheme, '.');

	return dot < scheme.n && scheme.p[scheme.n - 1] != '.' &&
	       memmem(scheme.p, scheme.n, "..", 2) == NULL;
}

enum client_redirect_fault
client_redirect_judge(struct str uri, bool is_public)
{
	struct str scheme;

	if (uri.n == 0 || uri.n > CLIENT_REDIRECT_MAX)
		return CLIENT_REDIRECT_LENGTH;
	if (!has_good_bytes(uri))
		return CLIENT_REDIRECT_BYTES;
	if (str_index(uri, '#') < uri.n)
		return CLIENT_REDIRECT_FRAGMENT;
	scheme = scheme_of(uri);
	if (str_is(scheme, "https") || str_is(scheme, "http"))
		return judge_web(uri, scheme);
	if (!is_private(scheme) || scheme.n + 1 > CLIENT_REDIRECT_SOURCE)
		return CLIENT_REDIRECT_SCHEME;
	if (!str_starts_with(str_sub(uri, scheme.n, uri.n), STR(":/")))
		return CLIENT_REDIRECT_SCHEME;
	return is_public ? CLIENT_REDIRECT_GOOD : CLIENT_REDIRECT_PRIVATE;
}

const char *
client_redirect_fault_text(enum client_redirect_fault fault)
{
	static const char *const texts[CLIENT_REDIRECT_FAULTS] = {
		[CLIENT_REDIRECT_GOOD] = "is good",
		[CLIENT_REDIRECT_LENGTH] = "is empty or longer than 2,000 bytes",
		[CLIENT_REDIRECT_BYTES] = "contains a character that no URI contains",
		[CLIENT_REDIRECT_FRAGMENT] = "has a fragment (#…)",
		[CLIENT_REDIRECT_SCHEME] =
			"does not begin with https://, or with a scheme like "
			"com.example.app:/",
		[CLIENT_REDIRECT_PLAIN] =
			"is http, which is only for localhost, 127.0.0.1 and [::1]",
		[CLIENT_REDIRECT_HOST] = "has no host or port that can be read, or has a "
					 "user's name in front of it",
		[CLIENT_REDIRECT_PRIVATE] =
			"has a scheme of its own, which only a client without a secret "
			"may have (--method none)",
	};

	return fault < CLIENT_REDIRECT_FAULTS ? texts[fault] : "";
}

/* The part of an http address up to its port, if the host is one whose ports are free. */
static struct str
free_host(struct str uri)
{
	static const char *const hosts[] = { "http://127.0.0.1", "http://[::1]",
					     "http://localhost" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct str host = str_of(hosts[i]);

		if (str_starts_with(uri, host) &&
		    (uri.n == host.n || strchr(":/?", uri.p[host.n]) != NULL))
			return str_sub(uri, 0, host.n);
	}
	return (struct str){ NULL, 0 };
}

/* Skip `host` and a port. False: there is a port, and it is none. */
static bool
after_port(struct str uri, struct str host, struct str *rest)
{
	int64_t port;
	size_t end;

	*rest = str_sub(uri, host.n, uri.n);
	if (!str_starts_with(*rest, STR(":")))
		return true;
	end = index_of(*rest, 1, "/?");
	if (!str_to_int(str_sub(*rest, 1, end - 1), 1, 65535, &port))
		return false;
	*rest = str_sub(*rest, end, rest->n);
	return true;
}

bool
client_redirect_matches(struct str registered, struct str given)
{
	struct str host = free_host(registered), a, b;

	if (given.n == 0 || given.n > CLIENT_REDIRECT_MAX)
		return false;
	if (str_eq(registered, given))
		return true;
	return host.n > 0 && str_eq(host, free_host(given)) &&
	       after_port(registered, host, &a) && after_port(given, host, &b) &&
	       str_eq(a, b);
}

bool
client_redirect_is_listed(struct str lines, struct str given)
{
	while (lines.n > 0)
		if (client_redirect_matches(str_cut(&lines, '\n'), given))
			return true;
	return false;
}

bool
client_redirect_origin(struct str uri, struct buf *out)
{
	char text[CLIENT_REDIRECT_SOURCE];
	struct str scheme = scheme_of(uri);

	if (client_redirect_judge(uri, true) != CLIENT_REDIRECT_GOOD)
		return false;
	if (str_is(scheme, "https") || str_is(scheme, "http"))
		return buf_add(out, web_origin(uri, scheme, text));
	return buf_add(out, scheme) && buf_addc(out, ':');
}
