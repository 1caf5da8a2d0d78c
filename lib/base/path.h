/*
 * The path of a request target, decoded to its only possible meaning, or refused.
 *
 * The gate decides on the text of a path. Afterwards the server opens a file or calls
 * a program, and reads the same text in its own way. If two readers could read it
 * differently, no decision is safe. So a path is decoded once, as Apache and lighttpd
 * do it. It is refused if it contains anything that one of them, a file system or a
 * program behind them could read differently:
 *
 *   - a `%` without two hexadecimal digits, or one that is left after decoding and
 *     could be decoded again
 *   - control characters (str_control, also NUL), `\`, `#`, an encoded slash, bytes
 *     that are not UTF-8
 *   - empty, `.` and `..` segments, raw or encoded
 *   - `;` (path parameters, which servlets cut off)
 *   - a segment that ends in a dot or a space (some file systems cut these)
 *   - a target that is not `/…` (absolute and authority forms, `*`)
 */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define PATH_MAX_BYTES 4096

/*
 * Append the decoded path of `target` (RFC 9112, 3.2.1; the raw REQUEST_URI; the query
 * is left out) to `path`. False if it is refused: `reason` is then a static phrase for
 * the log, and `path` is unchanged.
 */
bool path_canonical(struct str target, struct buf *path, const char **reason);

/* The raw query of `target`, without the `?`. Empty if there is none. */
struct str path_query(struct str target);

#endif
