/* What mfa.c and mfa_step.c share: judging a code whose try was counted. */
#ifndef MFA_CODE_H
#define MFA_CODE_H

#include "mfa/mfa.h"

/* A code that is right as far as can be seen here, and what its proof points to. */
struct mfa_code {
	struct factors_proof proof;
	unsigned char hash[SHA256_SIZE]; /* of a recovery code */
	struct factors_sealed again;     /* sealed under the current key */
};

/* The proof, with a recovery code as such also where it was typed as a one-time code. */
struct mfa_proof mfa_code_meant(const struct mfa_proof *shown);

/*
 * Judge the code against what the database has said. result->outcome is MFA_DONE if it can
 * be used up, which the database decides. MFA_NO_KEYS and errors: the caller takes the
 * count of the try back. Any other refusal is recorded.
 */
enum err mfa_code_judge(const struct mfa_policy *policy, const struct factors_try *t,
			const struct mfa_proof *shown, struct str address, int64_t now,
			struct mfa_code *c, struct mfa_result *result, struct why *why);

/* Is it a one-time code or a recovery code? Only those are counted. */
bool mfa_code_is(enum factors_way way);

/*
 * What the database made of a proof that was right as far as could be seen. A code that it
 * refused is recorded.
 */
enum err mfa_code_result(const struct mfa_policy *policy, enum factors_used used,
			 const struct mfa_proof *shown, struct str address,
			 struct mfa_result *result, struct why *why);

/* What can be checked now: one-time codes need their keys. */
unsigned mfa_code_ways(const struct mfa_policy *policy, unsigned ways);

#endif
