/*
 * curl(1), which does TLS and HTTP for the command. So data from outside is parsed in
 * another process than the one that reads our keys. Only this file starts it.
 */
#ifndef CURL_H
#define CURL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Append `name = "value"` to a configuration, quoted as curl's manual demands
 * (--config). False if `value` has a control character or memory is out; curl must not
 * be run then.
 */
bool curl_option(struct buf *config, const char *name, struct str value);

/* Append an option that has no value. */
void curl_flag(struct buf *config, const char *name);

/*
 * Run curl with `config` on its standard input, where nobody on the host can read it,
 * without ~/.curlrc and without arguments. `more` is what it may read at PROCESS_MORE
 * (process.h). Its output is appended to `out`, up to the limit of `out`. At the first
 * byte beyond it, curl is ended and `*too_long` is set. Returns curl's exit status,
 * CURL_NOT_INSTALLED, or a negative number if it could not be started or was killed.
 * curl's own complaints (show-error) go to standard error.
 */
#define CURL_NOT_INSTALLED 127
int curl_run(struct str config, struct str more, struct buf *out, bool *too_long);

#endif
