/* Shared by the files of this room. Nobody else includes this. */
#ifndef PASSKEY_PARTS_H
#define PASSKEY_PARTS_H

#include "passkey/passkey.h"
#include "webauthn/webauthn.h"

#define PASSKEY_ORIGINS_MAX 64 /* as many as a setting may list */

/* The policy of the site. `origins` has room for PASSKEY_ORIGINS_MAX. */
struct webauthn_policy passkey_policy(const struct passkey_site *site,
				      struct str *origins, bool user_verification);

/*
 * The challenge in an answer. `*good` false: it is none of ours, too old, or of another
 * browser; `*reason` is then a word for the log.
 */
enum err passkey_challenge(const struct passkey_site *site,
			   const struct passkey_answer *answer, struct challenge *c,
			   bool *good, const char **reason);

#endif
