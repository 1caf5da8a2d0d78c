/*
 * curl(1), which speaks TLS and HTTP for the command: what comes from outside is parsed in
 * another process than the one that reads our keys. Nobody else starts it.
 */
#ifndef CURL_H
#define CURL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Append `name = "value"` to a configuration, quoted as curl's manual says (--config). False
 * when `value` has a control character or there is no memory: then nothing may be run.
 */
bool curl_option(struct buf *config, const char *name, struct str value);

/* Append an option that has no value. */
void curl_flag(struct buf *config, const char *name);

/*
 * Run curl with `config` on its standard input, where nobody on the host can read it, and
 * nothing else: no ~/.curlrc, no arguments. `more` is what it may read at PROCESS_MORE
 * (process.h). What it writes is appended to `out`, up to its ceiling; curl is ended at the
 * first byte past it and `*too_long` is set. Returns curl's exit status, CURL_NOT_INSTALLED,
 * or a number below 0 when it could not be started or was killed. curl's own complaints
 * (show-error) go to standard error.
 */
#define CURL_NOT_INSTALLED 127
int curl_run(struct str config, struct str more, struct buf *out, bool *too_long);

#endif
