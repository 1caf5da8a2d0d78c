/*
 * Recovery codes: each is good once instead of another factor. Only their hashes are
 * stored. A code has 80 random bits, so a plain hash cannot be guessed back.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "crypto/hash.h"

#define RECOVERY_CODES 10 /* that are made at a time */
#define RECOVERY_BYTES 10 /* of a code */
#define RECOVERY_SIZE 20  /* of its text, xxxx-xxxx-xxxx-xxxx, with NUL */
#define RECOVERY_TYPED_MAX 64

struct recovery {
	char code[RECOVERY_SIZE]; /* to be shown once */
	unsigned char hash[SHA256_SIZE];
};

/* New codes of the user with the id `user`. The caller wipes them. */
enum err recovery_new(struct str user, struct recovery codes[RECOVERY_CODES]);

/* Is it the text of a code? Case, blanks and hyphens do not matter. */
bool recovery_is_code(struct str typed);

/*
 * The hash of a code that a person has typed: case, blanks and hyphens do not matter.
 * `*formed` false: it is not a code, and `hash` is zero.
 */
enum err recovery_hash(struct str user, struct str typed, unsigned char hash[SHA256_SIZE],
		       bool *formed);

#endif
