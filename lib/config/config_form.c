#include "config/config_table.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/text.h"
#include "config/config_factor.h"

static bool
is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static const char *
host_complaint(struct str host)
{
	if (host.n == 0 || host.n > 253)
		return "expected a host name of 1 to 253 characters";
	for (size_t i = 0; i < host.n; i++) {
		bool edge = i == 0 || i + 1 == host.n;

		if (host.p[i] >= 'A' && host.p[i] <= 'Z')
			return "write the host in lower case, as browsers do";
		if (!is_host_byte(host.p[i]))
			return "a character that no host name has (write xn--… for "
			       "others)";
		if (host.p[i] == '.' && (edge || host.p[i + 1] == '.'))
			return "a host name neither starts nor ends with a dot, and has "
			       "no two "
			       "in a row";
	}
	return NULL;
}

/* The address between the brackets, in the form in which browsers write it. */
static bool
is_ipv6_literal(struct str s)
{
	char text[INET6_ADDRSTRLEN] = "", again[INET6_ADDRSTRLEN];
	unsigned char address[16];

	if (s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	return inet_pton(AF_INET6, text, address) == 1 &&
	       inet_ntop(AF_INET6, address, again, sizeof(again)) != NULL &&
	       strcmp(text, again) == 0;
}

static const char *
port_complaint(struct str port, bool https)
{
	int64_t n;

	if (!str_to_int(port, 1, 65535, &n))
		return "expected a port from 1 to 65535 after the colon";
	if (n == (https ? 443 : 80))
		return "leave out the port that the scheme implies, as browsers do";
	return NULL;
}

static const char *
authority_complaint(struct str s, bool https)
{
	const char *complaint;
	struct str port;

	if (str_index(s, '@') < s.n)
		return "leave out the user name";
	if (str_starts_with(s, STR("["))) {
		size_t end = str_index(s, ']');

		if (end == s.n || !is_ipv6_literal(str_sub(s, 1, end - 1)))
			return "expected an IPv6 address between brackets, in its "
			       "shortest form";
		port = str_sub(s, end + 1, s.n);
	} else {
		size_t colon = str_index(s, ':');

		if ((complaint = host_complaint(str_sub(s, 0, colon))) != NULL)
			return complaint;
		port = str_sub(s, colon, s.n);
	}
	if (port.n == 0)
		return NULL;
	if (port.p[0] != ':')
		return "expected a colon and a port after the host";
	return port_complaint(str_sub(port, 1, port.n), https);
}

/* The part after http:// or https://. Empty if there is neither. */
static struct str
after_scheme(struct str s, bool *https)
{
	*https = str_starts_with(s, STR("https://"));
	if (*https)
		return str_sub(s, 8, s.n);
	return str_starts_with(s, STR("http://")) ? str_sub(s, 7, s.n) : STR("");
}

static const char *
origin_complaint(struct str s)
{
	bool https;
	struct str rest = after_scheme(s, &https);

	if (rest.n == 0)
		return "expected https:// or http:// and a host, as in "
		       "https://example.org";
	for (size_t i = 0; i < rest.n; i++)
		if (strchr("/?#\\ ", rest.p[i]) != NULL)
			return "expected nothing after the host and port, not even a "
			       "slash";
	return authority_complaint(rest, https);
}

static const char *
url_complaint(struct str s)
{
	bool https;
	struct str rest = after_scheme(s, &https);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return "a URL has no spaces and only ASCII characters";
	if (rest.n == 0)
		return "expected https:// or http:// and a host, as in "
		       "https://example.org";
	return authority_complaint(str_cut(&rest, '/'), https);
}

static const char *
colour_complaint(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (text_hex_value(s.p[i]) < 0)
			s.n = 0;
	if (s.n != 7 || s.p[0] != '#')
		return "expected # and six hexadecimal digits, such as #1d5c4c";
	return NULL;
}

/* Addresses for links on the pages. Nothing that could run as code is accepted. */
static const char *
link_complaint(struct str s)
{
	struct str address = str_sub(s, 7, s.n);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f ||
		    s.p[i] == '\\')
			return "a link has no spaces, no backslashes and only ASCII "
			       "characters";
	if (str_starts_with(s, STR("/")) && !str_starts_with(s, STR("//")))
		return NULL;
	if (str_starts_with(s, STR("mailto:"))) {
		size_t at = str_index(address, '@');

		if (at == 0 || at + 1 >= address.n)
			return "expected an address after mailto:";
		return NULL;
	}
	if (url_complaint(s) != NULL)
		return "expected https:// and a host, a path of this site such as /help, "
		       "or mailto: and an address";
	return NULL;
}

/* The names of the tz database: Europe/Berlin, Etc/GMT+1. */
static const char *
zone_complaint(struct str s)
{
	bool good = s.n > 0 && s.n <= 64 && s.p[0] != '/' && s.p[s.n - 1] != '/';

	for (size_t i = 0; good && i < s.n; i++) {
		char c = s.p[i];

		good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       (c >= '0' && c <= '9') || strchr("_+-/", c) != NULL;
	}
	return good ? NULL : "expected a name of the tz database, such as Europe/Berlin";
}

static const char *
header_complaint(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-'))
			return "expected a header name of letters, digits and hyphens";
	}
	if (s.n > 64)
		return "expected a header name of at most 64 characters";
	if (str_eq_nocase(s, STR("cookie")) || str_eq_nocase(s, STR("authorization")))
		return "this header has a meaning of its own; choose another";
	return NULL;
}

/* An IPv4 or IPv6 address, or the network of so many leading bits. */
static const char *
network_complaint(struct str s)
{
	unsigned char address[16];
	struct str bits = s, host = str_cut(&bits, '/');
	char text[64] = "";
	int64_t n;
	bool v6 = str_index(host, ':') < host.n;

	if (host.n < sizeof(text))
		memcpy(text, host.p, host.n);
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, address) != 1)
		return "expected an IPv4 or IPv6 address, or a network such as "
		       "10.0.0.0/8";
	if (host.n < s.n && !str_to_int(bits, 0, v6 ? 128 : 32, &n))
		return "expected 0 to 32, of IPv6 to 128, bits after the slash";
	return NULL;
}

/* ---- conninfo: libpq's keyword = value, quoted with ' where needed ---- */

static void
skip_blank(struct str *s)
{
	while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = str_sub(*s, 1, s->n);
}

static bool
skip_conninfo_value(struct str *s)
{
	bool quoted = s->n > 0 && s->p[0] == '\'';
	size_t i = quoted ? 1 : 0;

	for (; i < s->n; i++) {
		if (s->p[i] == '\\')
			i++;
		else if (quoted ? s->p[i] == '\'' : s->p[i] == ' ' || s->p[i] == '\t')
			break;
	}
	if (i > s->n || (quoted && i == s->n))
		return false;
	*s = str_sub(*s, quoted ? i + 1 : i, s->n);
	return true;
}

static const char *
conninfo_complaint(struct str s)
{
	if (str_starts_with(s, STR("postgres://")) ||
	    str_starts_with(s, STR("postgresql://")))
		return "expected keyword=value words such as `host=/run/postgresql "
		       "dbname=site`, not a URL";
	for (skip_blank(&s); s.n > 0; skip_blank(&s)) {
		size_t equals = str_index(s, '=');
		struct str keyword = str_trim(str_sub(s, 0, equals));

		if (equals == s.n || keyword.n == 0 ||
		    str_index(keyword, ' ') < keyword.n)
			return "expected keyword=value words separated by spaces";
		if (str_is(keyword, "password") || str_is(keyword, "sslpassword"))
			return "a password does not belong into this file; name a file "
			       "with passfile=";
		s = str_sub(s, equals + 1, s.n);
		skip_blank(&s);
		if (!skip_conninfo_value(&s))
			return "a quote or backslash that is not finished";
	}
	return NULL;
}

/* ---- all ---- */

const char *
setting_complaint(enum setting_kind kind, struct str value)
{
	int64_t start;

	switch (kind) {
	case SETTING_ORIGIN:
	case SETTING_ORIGINS:
		return origin_complaint(value);
	case SETTING_URL:
		return url_complaint(value);
	case SETTING_HOST:
		return host_complaint(value);
	case SETTING_COLOUR:
		return colour_complaint(value);
	case SETTING_LINK:
		return link_complaint(value);
	case SETTING_ZONE:
		return zone_complaint(value);
	case SETTING_DATE:
		return config_day(value, &start) ? NULL
						 : "expected a day such as 2027-01-31";
	case SETTING_HEADER:
		return header_complaint(value);
	case SETTING_NETWORKS:
		return network_complaint(value);
	case SETTING_CONNINFO:
		return conninfo_complaint(value);
	default:
		return NULL;
	}
}
