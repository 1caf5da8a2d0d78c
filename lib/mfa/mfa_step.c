#include "mfa/mfa_step.h"

#include <string.h>

#include "crypto/secret.h"
#include "mfa/mfa_code.h"

/* As the database is asked. `hash` holds that of the device. */
static enum err
read_who(const struct mfa_policy *policy, const struct mfa_session *who,
	 unsigned char hash[SHA256_SIZE], struct factors_who *f)
{
	struct device device;
	bool known = false;
	enum err e =
		device_read(policy->flow->secret, who->device, who->now, &device, &known);

	*f = (struct factors_who){ .user = who->user,
				   .sid = who->sid,
				   .address = who->address };
	if (e == ERR_OK && known && str_is(who->user, device.user) &&
	    (e = device_hash(&device, hash)) == ERR_OK) {
		f->device = (struct str){ (const char *)hash, SHA256_SIZE };
		f->device_version = device.version;
	}
	return e;
}

enum err
mfa_step_find(const struct mfa_policy *policy, const struct mfa_session *who,
	      struct mfa_login *login, struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	struct factors_session s;
	struct factors_who f;
	enum err e = read_who(policy, who, hash, &f);

	*login = (struct mfa_login){ .found = false };
	if (e == ERR_OK)
		e = factors_step_find(policy->flow->db, &f, &s, why);
	if (e != ERR_OK || !s.found)
		return e;
	login->found = true;
	memcpy(login->user, s.user, sizeof(login->user));
	memcpy(login->name, s.name, sizeof(login->name));
	login->ways = mfa_code_ways(policy, s.ways);
	return ERR_OK;
}

/* MFA_DONE: the code can be used up. */
static enum err
try_code(const struct mfa_policy *policy, const struct factors_who *f, int64_t now,
	 const struct mfa_proof *shown, struct mfa_code *c, struct mfa_result *r,
	 struct why *why)
{
	struct factors_try t;
	enum err e = factors_step_try(policy->flow->db, f, shown->way, &t, why);

	if (e != ERR_OK)
		return e;
	e = mfa_code_judge(policy, &t, shown, f->address, now, c, r, why);
	if (e != ERR_OK || r->outcome == MFA_NO_KEYS)
		factors_unjudged(policy->flow->db, f->user, f->device, NULL);
	secret_wipe(&t, sizeof(t));
	return e;
}

static enum err
go_through(const struct mfa_policy *policy, const struct mfa_session *who,
	   const struct mfa_proof *shown, struct mfa_result *r, struct why *why)
{
	const struct factors_proof *proof = shown->passkey;
	enum factors_used used = FACTORS_OVER;
	unsigned char hash[SHA256_SIZE];
	struct factors_who f;
	struct mfa_code code;
	enum err e = read_who(policy, who, hash, &f);

	if (e == ERR_OK && !mfa_code_is(shown->way) && shown->passkey == NULL)
		return ERR_OK; /* nothing was shown: MFA_OVER */
	if (e == ERR_OK && mfa_code_is(shown->way)) {
		e = try_code(policy, &f, who->now, shown, &code, r, why);
		if (e != ERR_OK || r->outcome != MFA_DONE)
			return e;
		proof = &code.proof;
	}
	if (e == ERR_OK)
		e = factors_step_up(policy->flow->db, &f, proof, &used,
				    &r->opened.session, &r->recovery_left, why);
	if (e == ERR_OK)
		e = mfa_code_result(policy, used, shown, who->address, r, why);
	else if (mfa_code_is(shown->way))
		factors_unjudged(policy->flow->db, f.user, f.device, NULL);
	return e;
}

enum err
mfa_step(const struct mfa_policy *policy, const struct mfa_session *who,
	 const struct mfa_proof *proof, struct mfa_result *result, struct why *why)
{
	const struct mfa_proof meant = mfa_code_meant(proof);
	enum err e;

	*result = (struct mfa_result){ .outcome = MFA_OVER,
				       .reason = "over",
				       .recovery_left = -1 };
	e = go_through(policy, who, &meant, result, why);
	if (e != ERR_OK || result->outcome != MFA_DONE)
		flow_opened_done(&result->opened);
	return e;
}
