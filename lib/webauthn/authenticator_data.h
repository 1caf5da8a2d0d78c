/*
 * What an authenticator says and signs (WebAuthn Level 3, 6.1): authenticator data.
 */
#ifndef AUTHENTICATOR_DATA_H
#define AUTHENTICATOR_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "webauthn/webauthn.h"

/* Borrowed from the bytes that were read. */
struct authenticator_data {
	struct str rp_id_hash;
	struct webauthn_flags flags;
	uint32_t counter;

	bool attested; /* the AT flag: what follows is there */
	struct str credential_id;
	struct str key; /* COSE_Key, whose CBOR is good and in the canonical order */
};

/*
 * ERR_SYNTAX or ERR_LIMIT: it is shorter or longer than its flags say, a credential id does
 * not have 1 to 1023 bytes, or CBOR is not as cbor.h demands. Extensions are only parsed.
 */
enum err authenticator_data_read(struct str bytes, struct authenticator_data *d,
				 struct why *why);

/*
 * Check the hash of the RP id, the flags UP and, if the policy demands it, UV, and that BS
 * does not come without BE (7.1, steps 14 to 17; 7.2, steps 15 to 18). ERR_PERMISSION: one
 * of them is not so.
 */
enum err authenticator_data_check(const struct authenticator_data *d,
				  const struct webauthn_policy *policy, struct why *why);

#endif
