/*
 * A password from the operator: from the terminal, or from standard input.
 */
#ifndef COMMAND_PASSWORD_H
#define COMMAND_PASSWORD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "config/config.h"
#include "people/password.h"

/*
 * Read a password: with `from_stdin` all of stdin without its last line end,
 * otherwise from the terminal without echo, asked twice when `repeat`.
 * False after a complaint. The caller wipes `out` (buf_done).
 */
bool password_ask(const char *prompt, bool repeat, bool from_stdin, struct buf *out);

/*
 * Ask for a new password, or read it from stdin, and hash it as the settings
 * want; what is too short or too common is refused.
 */
enum err password_ask_hash(const struct config *c, struct str name, bool from_stdin,
			   char hash[PASSWORD_HASH_SIZE], struct why *why);

#endif
