#include "csp/csp.h"

#include <string.h>

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Not empty, and all of it letters, digits or bytes of `others`. */
static bool
is_made_of(struct str s, const char *others)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alphanumeric(s.p[i]) &&
		    (s.p[i] == '\0' || strchr(others, s.p[i]) == NULL))
			return false;
	return s.n > 0;
}

static bool
is_port(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0 && s.n <= 5;
}

/* "example.org", "example.org:8443". */
static bool
is_host(struct str s)
{
	struct str host = str_sub(s, 0, str_index(s, ':'));

	return is_made_of(host, "-._") &&
	       (host.n == s.n || is_port(str_sub(s, host.n + 1, s.n)));
}

/* "[::1]", "[::1]:8080". Browsers ignore a source with such an address. */
static bool
is_bracketed(struct str s)
{
	size_t end = str_index(s, ']');

	return str_starts_with(s, STR("[")) && end < s.n &&
	       is_made_of(str_sub(s, 1, end - 1), ":.") &&
	       (end + 1 == s.n ||
		(s.p[end + 1] == ':' && is_port(str_sub(s, end + 2, s.n))));
}

/* "com.example.app", whose dot tells it from schemes that mean something to browsers. */
static bool
is_private_scheme(struct str s)
{
	return is_made_of(s, "+-.") && is_alphanumeric(s.p[0]) && str_index(s, '.') < s.n;
}

/* The source as a policy can name it. Empty: it is none. */
static struct str
as_policy(struct str source)
{
	struct str scheme = str_sub(source, 0, str_index(source, ':'));
	struct str rest = str_sub(source, scheme.n, source.n);
	struct str none = STR(""), address;

	if (!str_is(scheme, "https") && !str_is(scheme, "http"))
		return str_is(rest, ":") && is_private_scheme(scheme) ? source : none;
	if (str_is(rest, ":"))
		return source;
	if (!str_starts_with(rest, STR("://")))
		return none;
	address = str_sub(rest, 3, rest.n);
	if (is_bracketed(address))
		return str_sub(source, 0, scheme.n + 1);
	return is_host(address) ? source : none;
}

/* Where `words` begin in `s`; its length if they are not there. */
static size_t
find(struct str s, struct str words)
{
	for (size_t i = 0; i + words.n <= s.n; i++)
		if (str_starts_with(str_sub(s, i, s.n), words))
			return i;
	return s.n;
}

bool
csp_lead_to(struct buf *out, struct str policy, struct str source)
{
	struct str named = as_policy(source);
	size_t at = find(policy, STR("form-action "));

	if (named.n == 0 || at == policy.n)
		return false;
	at += str_index(str_sub(policy, at, policy.n), ';');
	buf_add(out, str_sub(policy, 0, at));
	buf_addc(out, ' ');
	buf_add(out, named);
	return buf_add(out, str_sub(policy, at, policy.n));
}
