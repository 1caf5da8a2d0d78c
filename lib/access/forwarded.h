/*
 * The client's address behind proxies. X-Forwarded-For is what each proxy adds
 * to and any client can begin: only what proxies of the list say is believed.
 */
#ifndef FORWARDED_H
#define FORWARDED_H

#include <stddef.h>

#include "base/str.h"

/*
 * `remote` is who is connected. While that is a trusted proxy ("192.0.2.1",
 * "2001:db8::/32", …), the last entry of `forwarded` (X-Forwarded-For) is who
 * was connected to it; a port behind the address (Azure) is left out. An entry that is
 * no address ends the search: the answer
 * is then the proxy that gave it. Borrows from its arguments.
 */
struct str forwarded_client(struct str remote, struct str forwarded,
			    const char *const *trusted, size_t n);

#endif
