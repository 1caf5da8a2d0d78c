/*
 * Finds the client's address behind proxies. Each proxy adds to X-Forwarded-For, and
 * any client can send one. So only entries from listed proxies are believed.
 */
#ifndef FORWARDED_H
#define FORWARDED_H

#include <stddef.h>

#include "base/str.h"

/*
 * `remote` is the other end of the connection. While that is a trusted proxy
 * ("192.0.2.1", "2001:db8::/32", …), the last entry of `forwarded` (X-Forwarded-For)
 * is the client of that proxy. A port after the address (Azure) is ignored. If an
 * entry is no address, the search ends with the proxy that added it. Borrows from its
 * arguments.
 */
struct str forwarded_client(struct str remote, struct str forwarded,
			    const char *const *trusted, size_t n);

#endif
