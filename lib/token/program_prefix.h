/*
 * The path to which a token for a program may be limited: its aud is then the address of
 * the site and this path (RFC 8707).
 */
#ifndef PROGRAM_PREFIX_H
#define PROGRAM_PREFIX_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define PROGRAM_PREFIX_MAX 255 /* bytes of a path prefix */

/*
 * Append the path prefix that `text` means, in its one form: percent-encoded where
 * necessary, without a slash at its end. False, with a static phrase as `*reason`, if it
 * is no path, or one that could be read in two ways: with a query, "..", "//", an
 * encoded slash, or an escape that is not needed. "/" alone is refused, because a token
 * for the whole site has no prefix.
 */
bool program_prefix_read(struct str text, struct buf *out, const char **reason);

/* True if the target `uri` of a request is the path `prefix`, or is below it. */
bool program_prefix_admits(struct str prefix, struct str uri);

#endif
