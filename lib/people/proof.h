/*
 * Proofs of identity, which flow_prove takes. Each kind is one constant in its own
 * file with its own check. A password change uses one outside of a login.
 */
#ifndef PROOF_H
#define PROOF_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "people/password.h"

/* The data of the user that a proof is checked against. Borrowed. */
struct proof_known {
	struct str password_hash; /* empty: no such user, or no password */
	bool renew; /* after a right proof, replace a hash that is weaker than the
		     * settings demand */
};

/*
 * The result. Zero is wrong. `reason` is static, for the log and never for the client.
 */
struct proof_found {
	bool right;
	const char *reason;                /* a word; NULL when right */
	char new_hash[PASSWORD_HASH_SIZE]; /* replaces the one at hand; empty: none */
};

struct proof_kind {
	unsigned bit;     /* its bit in the sets of a flow; no two kinds have the same */
	const char *name; /* a word */
	const char *amr;  /* authentication method reference (RFC 8176, 2) */

	/*
	 * Check the proof that was shown. It costs the same whether there is anything
	 * to compare with or not. An error means that it could not be checked, and the
	 * try must not count. Hashing needs a slot (slots.h), which the caller holds.
	 */
	enum err (*judge)(const struct password_cost *cost,
			  const struct proof_known *known, struct str shown,
			  struct proof_found *found, struct why *why);
};

struct proof {
	const struct proof_kind *kind;
	struct str shown; /* by the client */
};

#define PROOF_PASSWORD 1u
#define PROOF_FACTOR 2u /* a second one; taken by the room mfa */

extern const struct proof_kind proof_password; /* proof_password.c */

#endif
