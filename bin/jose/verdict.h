/* The exit status of a command that works with a token. */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/err.h"
#include "base/str.h"
#include "jose/alg.h"
#include "jose/refusal.h"

/* For a verified token. Complains if it was not accepted. */
int verdict_token(struct str token, enum alg_use use, enum jwt_refusal refusal);

/*
 * If the key file holds no usable key: COMMAND_UNSUPPORTED if a key's algorithm, type
 * or curve is not supported, otherwise COMMAND_FAILED with `why`.
 */
int verdict_not_offered(const char *path, const struct why *why);

/* As above, with a complete token, whose algorithm may be the unsupported one. */
int verdict_unfit(const char *path, struct str token, enum alg_use use,
		  const struct why *why);

#endif
