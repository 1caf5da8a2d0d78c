#include "people/password_change.h"

#include "crypto/secret.h"
#include "people/slots.h"
#include "store/accounts.h"

/* Read the row, compare, and make the new hash, all while a slot is held. */
static enum err
compare(const struct flow_policy *policy, const struct password_change_ask *ask,
	struct accounts_password *row, char hash[PASSWORD_HASH_SIZE],
	struct password_change *result, struct why *why)
{
	struct proof_known known = { .renew = false };
	struct proof_found current = { .right = ask->first };
	bool found = false;
	enum err e;

	e = accounts_password_begin(policy->db, ask->user, ask->address, row, &found,
				    why);
	if (e != ERR_OK)
		return e;
	if (!found || (ask->first && row->hash[0] != '\0')) {
		result->outcome = PASSWORD_CHANGE_GONE;
		return ERR_OK;
	}
	if (row->wait > 0) {
		result->outcome = PASSWORD_CHANGE_WAIT;
		result->wait = row->wait;
		return ERR_OK;
	}
	known.password_hash = str_of(row->hash);
	if (!ask->first)
		e = proof_password.judge(&policy->cost, &known, ask->current, &current,
					 why);
	if (e == ERR_OK && !current.right)
		return accounts_password_failed(policy->db, ask->user, ask->address, why);
	if (e == ERR_OK)
		e = password_hash(&policy->cost, ask->next, hash, why);
	if (e == ERR_OK)
		result->outcome = PASSWORD_CHANGE_DONE; /* once it is stored */
	else
		accounts_password_unjudged(policy->db, ask->user, NULL);
	return e;
}

static enum err
change(const struct flow_policy *policy, const struct password_change_ask *ask,
       struct password_change *result, struct why *why)
{
	struct accounts_password row = { 0 };
	char hash[PASSWORD_HASH_SIZE] = { 0 };
	int slot = -1;
	enum err e;

	if ((e = slots_take(policy->state_dir, policy->slots, &slot, why)) != ERR_OK)
		return e;
	e = compare(policy, ask, &row, hash, result, why);
	slots_give(&slot);
	if (e == ERR_OK && result->outcome == PASSWORD_CHANGE_DONE) {
		e = accounts_password_end(policy->db, ask->user, row.version,
					  str_of(hash), ask->sid, ask->address, ask->tell,
					  ask->programs, &result->device_version, why);
		if (result->device_version == 0)
			result->outcome = PASSWORD_CHANGE_GONE;
	}
	secret_wipe(&row, sizeof(row));
	secret_wipe(hash, sizeof(hash));
	return e;
}

enum err
password_change(const struct flow_policy *policy, const struct password_change_ask *ask,
		struct password_change *result, struct why *why)
{
	enum err e;

	*result = (struct password_change){ .outcome = PASSWORD_CHANGE_WRONG };
	result->rule = password_rules_check(ask->next, ask->least, ask->name, ask->site);
	if (result->rule != PASSWORD_GOOD) {
		result->outcome = PASSWORD_CHANGE_RULE;
		return ERR_OK;
	}
	if (!ask->first && secret_equal(ask->current, ask->next)) {
		result->outcome = PASSWORD_CHANGE_SAME;
		return ERR_OK;
	}
	e = change(policy, ask, result, why);
	if (e != ERR_OK)
		result->outcome = PASSWORD_CHANGE_WRONG;
	return e;
}
