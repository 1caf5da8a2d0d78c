#include "mail/mail_server.h"

/* The part after the scheme, if `text` begins with it. */
static bool
takes(struct str text, struct str scheme, struct str *rest)
{
	*rest = str_sub(text, scheme.n, text.n);
	return str_starts_with(text, scheme);
}

static bool
is_host(struct str host)
{
	bool brackets = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	struct str plain = brackets ? str_sub(host, 1, host.n - 2) : host;

	for (size_t i = 0; i < plain.n; i++) {
		char c = plain.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '.' &&
		    !(brackets && c == ':'))
			return false;
	}
	return plain.n > 0 && plain.p[0] != '-' && plain.p[0] != '.';
}

/* HOST[:PORT] and nothing more. */
static const char *
parse_host(struct str authority, struct mail_server *server)
{
	bool brackets = str_starts_with(authority, STR("["));
	size_t end = brackets ? str_index(authority, ']') + 1 : str_index(authority, ':');
	struct str port = str_sub(authority, end, authority.n);
	int64_t number;

	server->host = str_sub(authority, 0, end);
	if (!is_host(server->host))
		return "should name a host after the slashes, and nothing but a port "
		       "after "
		       "it";
	if (port.n > 0 && (port.p[0] != ':' ||
			   !str_to_int(str_sub(port, 1, port.n), 1, 65535, &number)))
		return "should have a port from 1 to 65535 after the colon";
	return NULL;
}

static const char *
parse_path(struct str path, struct mail_server *server)
{
	server->path = path;
	return str_starts_with(path, STR("/"))
		       ? NULL
		       : "should have an absolute path after the colon";
}

const char *
mail_server_parse(struct str text, struct mail_server *server)
{
	struct str rest;

	*server = (struct mail_server){ .kind = MAIL_SERVER_SMTP };
	if (takes(text, STR("smtp://"), &rest))
		return parse_host(rest, server);
	server->kind = MAIL_SERVER_SMTPS;
	if (takes(text, STR("smtps://"), &rest))
		return parse_host(rest, server);
	server->kind = MAIL_SERVER_SENDMAIL;
	if (takes(text, STR("sendmail:"), &rest))
		return parse_path(rest, server);
	server->kind = MAIL_SERVER_FILE;
	if (takes(text, STR("file:"), &rest))
		return parse_path(rest, server);
	return "should be smtp://HOST, smtps://HOST, sendmail:PROGRAM or file:DIRECTORY";
}
