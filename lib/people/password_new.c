#include "people/password_new.h"

#include "people/slots.h"

enum err
password_new(const struct flow_policy *policy, struct str password,
	     char hash[PASSWORD_HASH_SIZE], struct why *why)
{
	int slot = -1;
	enum err e = slots_take(policy->state_dir, policy->slots, &slot, why);

	if (e == ERR_OK)
		e = password_hash(&policy->cost, password, hash, why);
	slots_give(&slot);
	return e;
}
