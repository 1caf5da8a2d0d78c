#include "people/password.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "crypto/secret.h"
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
		real = false;
		if (password.n > PASSWORD_MAX)
			password.n = 0;
	}
	if ((e = prove_memory(its.memory, why)) != ERR_OK)
		return e;
	computed++;
	if (kind <= PASSWORD_KIND_ARGON2I || !real)
		e = password_argon2(hash, &its, password, &match);
	else
		e = password_crypt(hash, password, &match);
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
