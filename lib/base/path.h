/*
 * The one meaning of a request target's path, or a refusal.
 *
 * A gate decides on a path's text and the server then opens a file or calls a
 * program by its own reading of the same text. Where two readers could differ,
 * no decision is safe. So a path is decoded once, as Apache and lighttpd do,
 * and refused when it holds anything that one of them, a file system or a
 * program behind them reads differently:
 *
 *   - a `%` without two hexadecimal digits, and one that is left after
 *     decoding and could be decoded again
 *   - control characters (str_control, NUL too), `\`, `#`, an encoded slash, bytes not UTF-8
 *   - empty, `.` and `..` segments, raw or encoded
 *   - `;` (path parameters: servlets cut them off)
 *   - a segment that ends in a dot or a space (some file systems cut those)
 *   - a target that is not `/…` (absolute and authority forms, `*`)
 */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define PATH_MAX_BYTES 4096

/*
 * Append the path of `target` (RFC 9112, 3.2.1; the raw REQUEST_URI, whose
 * query is left out) to `path`, decoded. False: refused; `reason` is a static
 * phrase for the log and `path` is as it was.
 */
bool path_canonical(struct str target, struct buf *path, const char **reason);

/* The raw query of `target`, without the `?`; empty when there is none. */
struct str path_query(struct str target);

#endif
