/*
 * The hash of a password that somebody has chosen, computed while a slot is held.
 */
#ifndef PASSWORD_NEW_H
#define PASSWORD_NEW_H

#include "people/flow.h"

/*
 * Of `policy`, cost, state_dir and slots count. `password` has passed password_rules_check.
 * ERR_BUSY as in flow_begin. The caller wipes `hash`.
 */
enum err password_new(const struct flow_policy *policy, struct str password,
		      char hash[PASSWORD_HASH_SIZE], struct why *why);

#endif
