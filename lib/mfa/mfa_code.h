/* Checking a one-time code or a recovery code against what the database has said. */
#ifndef MFA_CODE_H
#define MFA_CODE_H

#include "mfa/mfa.h"

/* What the code has become: a proof for the database, and what it points to. */
struct mfa_code {
	struct factors_proof proof;
	unsigned char hash[SHA256_SIZE]; /* of a recovery code */
	struct factors_sealed again;     /* sealed under the current key */
};

/*
 * `*outcome` is MFA_DONE if `code` can be used up, which the database decides. Otherwise
 * MFA_WRONG, MFA_REPLAYED or MFA_NO_KEYS, and `*reason` is a word for the log.
 */
enum err mfa_code_check(const struct factor_keys *keys, const struct factors_try *t,
			enum factors_way way, struct str code, int64_t now,
			struct mfa_code *c, enum mfa_outcome *outcome,
			const char **reason, struct why *why);

#endif
