/*
 * The password as a proof. Exactly one hash is computed, whether the user exists or
 * not.
 */
#include "people/proof.h"

static const char *
refusal(const struct proof_known *known, const struct password_answer *answer)
{
	if (known->password_hash.n == 0)
		return "no_password";
	if (answer->unsupported)
		return "unsupported_hash";
	if (!answer->match)
		return "password";
	return NULL;
}

/* One more is computed after a right password whose hash must be replaced. */
static enum err
judge(const struct password_cost *cost, const struct proof_known *known, struct str shown,
      struct proof_found *found, struct why *why)
{
	struct password_answer answer = { 0 };
	enum err e;

	*found = (struct proof_found){ .reason = "password" };
	e = password_check(cost, known->password_hash, shown, &answer, why);
	if (e != ERR_OK)
		return e;
	found->reason = refusal(known, &answer);
	if (found->reason == NULL && known->renew && answer.upgrade &&
	    (e = password_hash(cost, shown, found->new_hash, why)) != ERR_OK)
		found->reason = "password";
	found->right = found->reason == NULL;
	return e;
}

const struct proof_kind proof_password = {
	.bit = PROOF_PASSWORD, .name = "password", .amr = "pwd", .judge = judge
};
