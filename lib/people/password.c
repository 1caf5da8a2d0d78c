#include "people/password.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "crypto/secret.h"
#include "foreign/foreign.h"
#include "people/password_kind.h"

static unsigned long computed;

unsigned long
password_count(void)
{
	return computed;
}

bool
password_is_text(struct str password)
{
	return password.n > 0 && password.n <= PASSWORD_MAX &&
	       memchr(password.p, '\0', password.n) == NULL && str_is_utf8(password);
}

bool
password_hash_is_supported(const struct password_cost *own, struct str hash)
{
	struct password_cost cost;

	return password_kind(hash, own, &cost) != PASSWORD_KIND_NONE;
}

bool
password_hash_is_weak(struct str hash)
{
	size_t memory;
	const struct foreign_kind *kind = foreign_find(hash, &memory);

	return kind != NULL && kind->weak;
}

enum err
password_hash(const struct password_cost *cost, struct str password,
	      char hash[PASSWORD_HASH_SIZE], struct why *why)
{
	hash[0] = '\0';
	if (password.n > PASSWORD_MAX)
		return why_set(why, ERR_LIMIT, "the password is over %d bytes",
			       PASSWORD_MAX);
	if (!password_is_text(password))
		return why_set(why, ERR_SYNTAX,
			       "the password is empty or not UTF-8 text");
	if (sodium_init() < 0)
		return why_set(why, ERR_CRYPTO, "libsodium does not start");
	computed++;
	if (crypto_pwhash_str_alg(hash, password.p, password.n, cost->passes,
				  cost->memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
		hash[0] = '\0';
		return why_set(why, ERR_MEMORY,
			       "no memory to hash a password (%zu bytes)", cost->memory);
	}
	return ERR_OK;
}

/* A hash of no password, to spend the time of a comparison on. */
static void
decoy(const struct password_cost *cost, char hash[PASSWORD_HASH_SIZE])
{
	snprintf(hash, PASSWORD_HASH_SIZE,
		 "$argon2id$v=19$m=%zu,t=%u,p=1$ZG9vcndhcmQtZGVjb3ktMQ$"
		 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		 cost->memory / 1024, cost->passes);
}

/*
 * True if there is memory for a hash of `bytes`. This is checked first, because
 * without memory libsodium 1.0.18 says "another password" and libxcrypt "a bad hash".
 * Nothing else in this process takes the memory in between. The rest is for the
 * libraries' smaller needs.
 */
static enum err
prove_memory(size_t bytes, struct why *why)
{
	size_t all = bytes + bytes / 256 + 1024 * 1024;
	void *p = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	if (p == MAP_FAILED)
		return why_set(why, ERR_MEMORY,
			       "no memory to check a password (%zu bytes)", bytes);
	munmap(p, all);
	return ERR_OK;
}

/*
 * A hash of other software. A quick one would answer sooner than an unknown name does, so a
 * wrong password then costs a hash of ours, too. After a right one the caller makes one.
 */
static enum err
check_foreign(const struct password_cost *cost, struct str hash, struct str password,
	      bool *match)
{
	size_t memory;
	const struct foreign_kind *kind = foreign_find(hash, &memory);
	char nothing[PASSWORD_HASH_SIZE];
	bool never;
	enum err e = kind->check(hash, password, match);

	if (e != ERR_OK || *match || !kind->quick)
		return e;
	if ((e = prove_memory(cost->memory, NULL)) != ERR_OK)
		return e;
	decoy(cost, nothing);
	return password_argon2(str_of(nothing), cost, password, &never);
}

static enum err
check_one(enum password_kind kind, const struct password_cost *cost,
	  const struct password_cost *its, struct str hash, struct str password,
	  bool *match)
{
	switch (kind) {
	case PASSWORD_KIND_BCRYPT:
	case PASSWORD_KIND_CRYPT:
		return foreign_crypt(hash, password, match);
	case PASSWORD_KIND_FOREIGN:
		return check_foreign(cost, hash, password, match);
	default:
		return password_argon2(hash, its, password, match);
	}
}

enum err
password_check(const struct password_cost *cost, struct str hash, struct str password,
	       struct password_answer *answer, struct why *why)
{
	struct password_cost its;
	enum password_kind kind = password_kind(hash, cost, &its);
	char nothing[PASSWORD_HASH_SIZE];
	bool match = false, real = true;
	enum err e;

	*answer = (struct password_answer){ 0 };
	answer->unsupported = hash.n > 0 && kind == PASSWORD_KIND_NONE;
	if (kind == PASSWORD_KIND_NONE || !password_is_text(password) ||
	    (kind == PASSWORD_KIND_BCRYPT && password.n > PASSWORD_BCRYPT_MAX)) {
		decoy(cost, nothing);
		hash = str_of(nothing);
		its = *cost;
		kind = PASSWORD_KIND_NONE;
		real = false;
		if (password.n > PASSWORD_MAX)
			password.n = 0;
	}
	if ((e = prove_memory(its.memory, why)) != ERR_OK)
		return e;
	computed++;
	e = check_one(kind, cost, &its, hash, password, &match);
	if (e == ERR_CRYPTO && real) { /* a hash that the library cannot read */
		answer->unsupported = true;
		return ERR_OK;
	}
	if (e != ERR_OK)
		return why_set(why, e, "the password's hash was not computed");
	if (!match || !real)
		return ERR_OK;
	answer->upgrade = kind != PASSWORD_KIND_ARGON2ID || its.memory < cost->memory ||
			  its.passes < cost->passes;
	answer->match = true;
	return ERR_OK;
}
