#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "crypto/secret.h"
#include "people/password_kind.h"

#define HASH_MAX 64 /* bytes of output */

/* The parts of a hash in the one form that new ones have. */
struct parts {
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char hash[HASH_MAX];
	size_t n;
};

static bool
decode(struct str text, unsigned char *to, size_t size, size_t *n)
{
	return sodium_base642bin(to, size, text.p, text.n, NULL, n, NULL,
				 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

/* $argon2id$v=19$m=…,t=…,p=1$salt$hash with a salt of 16 bytes */
static bool
take_apart(struct str text, struct parts *parts)
{
	struct str rest = text, kind, parameters, salt;
	size_t n = 0;

	str_cut(&rest, '$');
	kind = str_cut(&rest, '$');
	str_cut(&rest, '$');
	parameters = str_cut(&rest, '$');
	salt = str_cut(&rest, '$');
	return str_is(kind, "argon2id") && str_ends_with(parameters, STR(",p=1")) &&
	       decode(salt, parts->salt, sizeof(parts->salt), &n) &&
	       n == sizeof(parts->salt) &&
	       decode(rest, parts->hash, sizeof(parts->hash), &parts->n) &&
	       parts->n >= crypto_pwhash_BYTES_MIN;
}

static enum err
compute(const struct parts *parts, const struct password_cost *cost, struct str password,
	bool *match)
{
	unsigned char own[HASH_MAX];
	enum err e = ERR_OK;

	errno = 0;
	if (crypto_pwhash(own, parts->n, password.p, password.n, parts->salt,
			  cost->passes, cost->memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
		e = errno == EINVAL ? ERR_CRYPTO : ERR_MEMORY;
	else
		*match = secret_equal((struct str){ (char *)own, parts->n },
				      (struct str){ (char *)parts->hash, parts->n });
	secret_wipe(own, sizeof(own));
	return e;
}

/* Other salts and lanes. libsodium says no for three reasons; errno tells which. */
static enum err
verify(struct str hash, struct str password, bool *match)
{
	char text[PASSWORD_HASH_SIZE] = "";

	memcpy(text, hash.p, hash.n);
	errno = 0;
	*match = crypto_pwhash_str_verify(text, password.p, password.n) == 0;
	if (*match || errno == EINVAL)
		return ERR_OK;
	return errno == ENOMEM ? ERR_MEMORY : ERR_CRYPTO;
}

enum err
password_argon2(struct str hash, const struct password_cost *cost, struct str password,
		bool *match)
{
	struct parts parts;
	enum err e;

	*match = false;
	if (sodium_init() < 0 || hash.n >= PASSWORD_HASH_SIZE)
		return ERR_CRYPTO;
	if (!take_apart(hash, &parts))
		return verify(hash, password, match);
	e = compute(&parts, cost, password, match);
	secret_wipe(&parts, sizeof(parts));
	return e;
}
