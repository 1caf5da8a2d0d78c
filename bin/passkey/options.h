/*
 * The options of `doorward passkey check`: as they were typed, and what they mean.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "webauthn/webauthn.h"

#define OPTIONS_ORIGINS_MAX 16
#define OPTIONS_CREDENTIALS_MAX 64
#define OPTIONS_CHALLENGE_MAX 1024 /* bytes */

enum ceremony { REGISTRATION, AUTHENTICATION };

struct options {
	const char *rp_id, *challenge, *user_verification; /* of both ceremonies */
	const char *origins[OPTIONS_ORIGINS_MAX], *top_origins[OPTIONS_ORIGINS_MAX];
	size_t n_origins, n_top_origins;
	const char *public_key, *counter, *backup_eligible; /* of an authentication */
	const char *user_handle, *credentials[OPTIONS_CREDENTIALS_MAX];
	size_t n_credentials;

	struct webauthn_policy policy;
	struct webauthn_known known; /* without its key */
	struct str challenge_bytes;
	struct str origin_list[OPTIONS_ORIGINS_MAX], top_list[OPTIONS_ORIGINS_MAX];
	struct str allowed[OPTIONS_CREDENTIALS_MAX];
	struct buf bytes; /* what was base64url */
};

/*
 * Take the options out of argv, whose argv[0] then must be alone. False after a complaint,
 * or if one is missing: wrong usage. Call options_done after any return. The result
 * borrows from itself, so it must stay where it is.
 */
bool options_take(struct options *c, int *argc, char **argv, enum ceremony ceremony);
void options_done(struct options *c);

#endif
