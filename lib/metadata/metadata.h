/*
 * What other programs read about this site before they use its login: OpenID Connect
 * Discovery 1.0, RFC 8414 and RFC 9207. One document serves all three. It lies beside the
 * published keys, and the web server serves it as a file.
 */
#ifndef METADATA_H
#define METADATA_H

#include <stdint.h>

#include "base/buf.h"
#include "config/config.h"
#include "jose/keyset/keyset.h"

/* The files, in the directory of the published keys, and their addresses. */
#define METADATA_OPENID "openid-configuration"
#define METADATA_OAUTH "oauth-authorization-server"
#define METADATA_URL_KEYS "/.well-known/jwks.json"
#define METADATA_URL_OPENID "/.well-known/" METADATA_OPENID
#define METADATA_URL_OAUTH "/.well-known/" METADATA_OAUTH

#define METADATA_BYTES 16384

/*
 * Append the document and a line end. `keys` are those that sign now: an algorithm without
 * a key is not listed, RS256 comes first. Where `oauth` is off, the document only says
 * whose keys they are and where they lie. ERR_LIMIT if it does not fit into `json`.
 */
enum err metadata_write(const struct config *c, const struct keyset *keys, int64_t now,
			struct buf *json);

/*
 * ERR_OK if each address in a document that was fetched from `site` (an origin) is the one
 * that metadata_write would put there, and if the document of a provider has the site as
 * its issuer. Otherwise `why` says what is wrong.
 */
enum err metadata_check(struct str json, struct str site, struct why *why);

/* True for a document that metadata_write made while `oauth` was on. */
bool metadata_is_ours(struct str json);

#endif
