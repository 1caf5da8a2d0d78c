#include "client/pkce.h"

#include <string.h>

#include "base/base64url.h"
#include "base/buf.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define VERIFIER_MIN 43
#define VERIFIER_MAX 128

bool
pkce_challenge_is_valid(struct str challenge)
{
	unsigned char hash[SHA256_SIZE];
	size_t n;

	return challenge.n == PKCE_CHALLENGE &&
	       base64url_decode_to(hash, sizeof(hash), &n, challenge) &&
	       n == sizeof(hash);
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

bool
pkce_verifier_is_valid(struct str verifier)
{
	for (size_t i = 0; i < verifier.n; i++)
		if (!is_unreserved(verifier.p[i]))
			return false;
	return verifier.n >= VERIFIER_MIN && verifier.n <= VERIFIER_MAX;
}

enum err
pkce_make(struct str verifier, char challenge[PKCE_CHALLENGE + 1])
{
	unsigned char hash[SHA256_SIZE];
	struct buf text;
	enum err e;

	memset(challenge, 0, PKCE_CHALLENGE + 1);
	buf_init(&text, PKCE_CHALLENGE);
	if ((e = sha256(verifier, hash)) != ERR_OK)
		goto out;
	if (!base64url_encode(&text, (struct str){ (const char *)hash, sizeof(hash) })) {
		e = ERR_MEMORY;
		goto out;
	}
	memcpy(challenge, text.p, PKCE_CHALLENGE);
out:
	secret_wipe(hash, sizeof(hash));
	buf_done(&text);
	return e;
}
