/*
 * Passwords. New hashes are Argon2id. bcrypt ($2a$ $2b$ $2y$), yescrypt ($y$),
 * SHA-crypt ($5$ $6$), Argon2i and the hashes of other software (foreign/foreign.h) are
 * verified, and replaced at the next login. Stored hashes are in the string form that
 * their makers use.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define PASSWORD_MAX 1024 /* bytes; longer ones are refused */
#define PASSWORD_HASH_SIZE 256

/*
 * The most memory in bytes that a stored hash may need, unless password_memory is
 * more. Imports refuse other hashes, and the programs reserve room for it.
 */
#define PASSWORD_MEMORY_MAX ((size_t)256 * 1024 * 1024)

/* The cost of an Argon2id hash: password_memory and password_time. */
struct password_cost {
	size_t memory; /* bytes */
	unsigned passes;
};

/* Not empty, not over PASSWORD_MAX, UTF-8, no NUL. */
bool password_is_text(struct str password);

/* The most that a hash may cost if new ones cost `own`. */
static inline size_t
password_memory_most(size_t own)
{
	return own > PASSWORD_MEMORY_MAX ? own : PASSWORD_MEMORY_MAX;
}

/* ERR_SYNTAX or ERR_LIMIT for what password_is_text refuses. */
enum err password_hash(const struct password_cost *cost, struct str password,
		       char hash[PASSWORD_HASH_SIZE], struct why *why);

/* The result of password_check. Zero refuses. */
struct password_answer {
	bool match;
	bool upgrade;     /* it matches, but the hash is weaker than `cost` demands */
	bool unsupported; /* the hash is of an unknown kind, or much too costly */
};

/*
 * Compare. Some hashes never match: an empty `hash` (no such user, or no password), an
 * unsupported one, and one whose kind would cut the password (bcrypt: 72 bytes). They
 * cost one hash of `cost` like any other comparison, and so does a wrong password where
 * the stored hash is of a quick kind. Every call computes exactly one hash that takes
 * such a time, or none if it returns ERR_MEMORY; for a right password of a quick kind it
 * is the caller's, who replaces the hash.
 */
enum err password_check(const struct password_cost *cost, struct str hash,
			struct str password, struct password_answer *answer,
			struct why *why);

/* True if password_check could verify it when new hashes cost `own`. For imports. */
bool password_hash_is_supported(const struct password_cost *own, struct str hash);

/* True if the hash is of a kind that gives the password away in a short time. */
bool password_hash_is_weak(struct str hash);

/* How many hashes this process has computed, for the tests. */
unsigned long password_count(void);

#endif
