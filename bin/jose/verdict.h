/*
 * The exit status of what is done with a token.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/err.h"
#include "base/str.h"
#include "jose/alg.h"
#include "jose/refusal.h"

/* Of a token that was checked; complains when it was not accepted. */
int verdict_token(struct str token, enum alg_use use, enum jwt_refusal refusal);

/*
 * When the key file holds no key that can be used: COMMAND_UNSUPPORTED where a key's
 * algorithm, type or curve is not on offer, else COMMAND_FAILED with `why`.
 */
int verdict_not_offered(const char *path, const struct why *why);

/* The same with a whole token at hand, whose algorithm may be the one. */
int verdict_unfit(const char *path, struct str token, enum alg_use use,
		  const struct why *why);

#endif
