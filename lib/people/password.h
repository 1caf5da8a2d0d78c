/*
 * Passwords: Argon2id for new ones; bcrypt ($2a$ $2b$ $2y$), yescrypt ($y$),
 * SHA-crypt ($5$ $6$) and Argon2i are verified and due for an upgrade. Stored
 * hashes are in the standard string form.
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
 * What a stored hash may cost in bytes of memory, unless password_memory is more:
 * imports refuse the others, and the programs leave themselves room for it.
 */
#define PASSWORD_MEMORY_MAX ((size_t)256 * 1024 * 1024)

/* What one Argon2id hash costs: password_memory and password_time. */
struct password_cost {
	size_t memory; /* bytes */
	unsigned passes;
};

/* Not empty, not over PASSWORD_MAX, UTF-8, no NUL. */
bool password_is_text(struct str password);

/* The most that one hash may cost where new ones cost `own`. */
static inline size_t
password_memory_most(size_t own)
{
	return own > PASSWORD_MEMORY_MAX ? own : PASSWORD_MEMORY_MAX;
}

/* ERR_SYNTAX or ERR_LIMIT for what password_is_text refuses. */
enum err password_hash(const struct password_cost *cost, struct str password,
		       char hash[PASSWORD_HASH_SIZE], struct why *why);

/* What password_check found; zero refuses. */
struct password_answer {
	bool match;
	bool upgrade;     /* matched, and the hash is weaker than `cost` asks */
	bool unsupported; /* the hash is of no kind we verify, or absurdly costly */
};

/*
 * Compare. An empty `hash` (no such user, or no password), an unsupported one,
 * and a password that the kind of hash would cut (bcrypt: 72 bytes) cost one
 * hash of `cost` like any other comparison and do not match: every call
 * computes exactly one hash, or none and returns ERR_MEMORY.
 */
enum err password_check(const struct password_cost *cost, struct str hash,
			struct str password, struct password_answer *answer,
			struct why *why);

/* True if password_check could verify it, where new ones cost `own`: for imports. */
bool password_hash_is_supported(const struct password_cost *own, struct str hash);

/* How many hashes this process has computed, for the tests. */
unsigned long password_count(void);

#endif
