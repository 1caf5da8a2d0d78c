/*
 * Stored hashes: what is taken for one that can be verified is bounded in cost
 * and is what libxcrypt, too, takes for one. And refresh tokens.
 */
#include <crypt.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "people/password_kind.h"
#include "people/refresh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_hash(struct str hash)
{
	static const struct password_cost own = { 1 << 20, 2 };
	struct password_cost cost;
	enum password_kind kind = password_kind(hash, &own, &cost);
	char text[PASSWORD_HASH_SIZE] = "";

	if (kind == PASSWORD_KIND_NONE)
		return;
	if (hash.n >= sizeof(text) || memchr(hash.p, '\0', hash.n) != NULL)
		abort();
	memcpy(text, hash.p, hash.n);
	if (kind == PASSWORD_KIND_ARGON2ID || kind == PASSWORD_KIND_ARGON2I) {
		if (cost.passes == 0 || cost.memory / 1024 * cost.passes > 1 << 20)
			abort();
	} else if (kind != PASSWORD_KIND_FOREIGN &&
		   crypt_checksalt(text) == CRYPT_SALT_INVALID) {
		abort();
	}
}

static void
check_token(struct str token)
{
	unsigned char hash[SHA256_SIZE];

	if (refresh_hash(token, hash) && token.n != 4 + 43)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	check_hash(text);
	check_token(text);
	return 0;
}
