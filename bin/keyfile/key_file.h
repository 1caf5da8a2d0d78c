/*
 * The keys that a command line names: `--keys FILE`.
 */
#ifndef KEY_FILE_H
#define KEY_FILE_H

#include "base/err.h"
#include "jose/keyset/keyset.h"

/*
 * Read a JWK, a JWKS or a directory of them. Unlike in a program's settings, a private
 * key in a file that others can read is used, after a warning: the caller has it
 * anyway. Errors are complained about. ERR_UNSUPPORTED is left to the caller, with its
 * reason.
 */
enum err key_file_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
		       struct why *why);

#endif
