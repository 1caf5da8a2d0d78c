/*
 * What the subcommands that deal with keys and tokens share.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "jose/header.h"
#include "jose/keyset/keyset.h"

#define COMMAND_INPUT_MAX (8 * 1024 * 1024)

/*
 * Read the keys of `--keys FILE` (a JWK, a JWKS or a directory). Unlike a
 * program's settings, a private key in a file that others can read is used all
 * the same, after a warning: the one who calls has it in hand. Errors are
 * complained about; ERR_UNSUPPORTED is left to the caller, with its reason.
 */
enum err keys_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
		   struct why *why);

/* The exit status for a token; complains when it was not accepted. */
int keys_verdict(struct str token, enum alg_use use, enum jwt_refusal refusal);

/*
 * The exit status when the key file holds no key that can be used:
 * COMMAND_UNSUPPORTED where a key's algorithm, type or curve is not on offer, else
 * COMMAND_FAILED with `why`.
 */
int keys_not_offered(const char *path, const struct why *why);

/* The same with a whole token at hand, whose algorithm may be the one. */
int keys_unfit(const char *path, struct str token, enum alg_use use,
	       const struct why *why);

/* The time, or a complaint. */
bool keys_now(int64_t *now);

/* Write to stdout; for a terminal, unless `raw`, a line end follows. */
bool keys_write(struct str bytes, bool raw);

/* "90", "90s", "10m", "2h", "30d" into seconds; complains otherwise. */
bool keys_duration(const char *name, const char *text, int64_t *seconds);

#endif
