/*
 * Redirect URIs: the registered one and the one of the request, with a line end between
 * them. What matches leads to the same host, by a second reading.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/client_redirect.h"
#include "client/client_scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a browser takes for the host: after the last "@", up to the port. */
static struct str
host_of(struct str uri)
{
	struct str host = uri;
	size_t at;

	str_cut(&host, '/');
	str_cut(&host, '/');
	for (at = 0; at < host.n && strchr("/?#\\", host.p[at]) == NULL; at++)
		;
	host = str_sub(host, 0, at);
	for (at = host.n; at > 0 && host.p[at - 1] != '@'; at--)
		;
	host = str_sub(host, at, host.n);
	for (at = host.n; at > 0 && host.p[at - 1] >= '0' && host.p[at - 1] <= '9'; at--)
		;
	return at > 0 && host.p[at - 1] == ':' ? str_sub(host, 0, at - 1) : host;
}

static void
check_source(struct str uri, bool good)
{
	struct buf source;

	buf_init(&source, CLIENT_REDIRECT_SOURCE);
	if (client_redirect_origin(uri, &source) != good || source.failed)
		abort();
	for (size_t i = 0; i < source.n; i++)
		if (strchr(" \t\r\n;,'\"", source.p[i]) != NULL)
			abort();
	buf_done(&source);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str given = { (const char *)data, size };
	struct str registered = str_cut(&given, '\n');
	bool good = client_redirect_judge(registered, true) == CLIENT_REDIRECT_GOOD;

	check_source(registered, good);
	if (good && !client_redirect_matches(registered, registered))
		abort();
	if (good && client_redirect_matches(registered, given)) {
		if (client_redirect_judge(given, true) != CLIENT_REDIRECT_GOOD)
			abort();
		if (!str_eq(host_of(registered), host_of(given)))
			abort();
	}
	if (client_scope_read(given) >> CLIENT_SCOPES != 0)
		abort();
	return 0;
}
