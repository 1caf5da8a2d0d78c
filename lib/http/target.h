/*
 * Where to go after a login. `return_to` comes from the client, so it must be a path
 * of this site or an address under a listed origin; otherwise it is ignored.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

#define TARGET_MAX 2048

/*
 * True for a path of this site (an absolute path with optional query, RFC 3986, 4.2)
 * that is safe as a Location. It starts with exactly one slash, contains only visible
 * ASCII and no backslash, and still names a path of this site after decoding it once
 * or more and after removing its dot segments. A fragment is refused, too.
 */
bool target_is_path(struct str target);

/*
 * True for such a path, or for an address whose origin equals one of the `n` origins
 * (like "https://app.example" or "https://example:8443") byte for byte.
 */
bool target_is_allowed(struct str target, const char *const *origins, size_t n);

/* True if `origin` is one of them, byte for byte. */
bool target_is_listed(struct str origin, const char *const *origins, size_t n);

/*
 * True for an origin as browsers write it (RFC 6454, 6.2): http or https, a host in
 * lower case, a port unless it is the default of the scheme; no path and no userinfo.
 */
bool target_is_origin(struct str origin);

/* True if the name means this host: localhost, a name below it, 127.0.0.1 or [::1]. */
bool target_is_loopback(struct str host);

/* As above, for the host in an http or https address like "http://localhost:8080/x". */
bool target_leads_to_loopback(struct str url);

/* The origin at the start of an address. Empty if it is no address. */
struct str target_origin(struct str url);

/*
 * Append "LOGIN?return_to=URI", with URI encoded. Only LOGIN if `uri` is not a
 * target_is_path.
 */
bool target_login(struct buf *out, struct str login, struct str uri);

#endif
