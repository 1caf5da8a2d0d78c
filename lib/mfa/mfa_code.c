#include "mfa/mfa_code.h"

#include <string.h>

#include "base/log.h"
#include "crypto/secret.h"
#include "factor/recovery.h"
#include "factor/totp.h"

/* None can be taken for the other: a one-time code has digits only, and fewer. */
struct mfa_proof
mfa_code_meant(const struct mfa_proof *shown)
{
	struct mfa_proof meant = *shown;

	if (shown->way == FACTORS_TOTP && recovery_is_code(shown->code))
		meant.way = FACTORS_RECOVERY;
	return meant;
}

/* A failure changes nothing: the secret stays sealed under the old key. */
static void
seal_again(const struct factor_keys *keys, struct str user, struct str secret,
	   struct mfa_code *c)
{
	struct why why = { "" };
	struct buf sealed;

	buf_init(&sealed, sizeof(c->again.bytes));
	if (factor_seal(keys, user, secret, c->again.key_id, &sealed, &why) == ERR_OK) {
		memcpy(c->again.bytes, sealed.p, sealed.n);
		c->again.n = sealed.n;
		c->proof.reseal = &c->again;
	}
	buf_done(&sealed);
}

/* Without its key no code can be judged, and the operator has to be told. */
static enum err
unseal(const struct factor_keys *keys, const struct factors_try *t, struct buf *secret,
       bool *stale, enum mfa_outcome *outcome, const char **reason)
{
	struct str sealed = { (const char *)t->totp.bytes, t->totp.n };
	struct why why = { "factor_keys is not set" };
	enum err e = ERR_NOT_FOUND;

	if (keys != NULL)
		e = factor_unseal(keys, str_of(t->user), str_of(t->totp.key_id), sealed,
				  secret, stale, &why);
	if (e == ERR_OK || e == ERR_MEMORY)
		return e;
	LOG(LOG_ERROR, "factor_keys_missing", { "error", str_of(err_text(e)) },
	    { "why", str_of(why.text) });
	*outcome = MFA_NO_KEYS;
	*reason = "no_key";
	return ERR_OK;
}

static enum err
check_totp(const struct factor_keys *keys, const struct factors_try *t, struct str code,
	   int64_t now, struct mfa_code *c, enum mfa_outcome *outcome,
	   const char **reason)
{
	char digits[TOTP_DIGITS + 1];
	struct buf secret;
	bool stale = false;
	enum err e = ERR_OK;

	if (!totp_read(code, digits))
		return ERR_OK;
	buf_init(&secret, FACTORS_SEALED);
	e = unseal(keys, t, &secret, &stale, outcome, reason);
	if (e == ERR_OK && *outcome != MFA_NO_KEYS)
		e = totp_check(buf_str(&secret), digits, now, TOTP_WINDOW,
			       &c->proof.step);
	if (e == ERR_OK && c->proof.step > t->last_step) {
		*outcome = MFA_DONE;
		if (stale)
			seal_again(keys, str_of(t->user), buf_str(&secret), c);
	} else if (e == ERR_OK && c->proof.step > 0) {
		*outcome = MFA_REPLAYED;
		*reason = "replayed";
	}
	secret_wipe(digits, sizeof(digits));
	buf_done(&secret);
	return e;
}

/* A user without an app is like one whose app shows another code. */
static enum err
check(const struct mfa_policy *policy, const struct factors_try *t,
      const struct mfa_proof *shown, int64_t now, struct mfa_code *c,
      struct mfa_result *r)
{
	bool is_code = false;
	enum err e = ERR_OK;

	*c = (struct mfa_code){ .proof.way = shown->way, .proof.tell = policy->mail };
	r->outcome = MFA_WRONG;
	r->reason = shown->way == FACTORS_TOTP ? "totp" : "recovery";
	if (shown->way == FACTORS_TOTP && t->totp.n > 0) {
		e = check_totp(policy->keys, t, shown->code, now, c, &r->outcome,
			       &r->reason);
	} else if (shown->way == FACTORS_RECOVERY) {
		e = recovery_hash(str_of(t->user), shown->code, c->hash, &is_code);
		c->proof.code = (struct str){ (const char *)c->hash, sizeof(c->hash) };
		if (is_code)
			r->outcome = MFA_DONE;
	}
	return e;
}

/* A wrong code stays counted as a guess, and the audit trail has it. */
static enum err
record(const struct mfa_policy *policy, enum factors_way way, struct str address,
       const struct mfa_result *r, struct why *why)
{
	return factors_failed(policy->flow->db, str_of(r->user), way, r->reason, address,
			      why);
}

static bool
is_guess(const struct mfa_result *r)
{
	return r->outcome == MFA_WRONG || r->outcome == MFA_REPLAYED;
}

enum err
mfa_code_judge(const struct mfa_policy *policy, const struct factors_try *t,
	       const struct mfa_proof *shown, struct str address, int64_t now,
	       struct mfa_code *c, struct mfa_result *result, struct why *why)
{
	enum err e;

	if (!t->found)
		return ERR_OK;
	memcpy(result->user, t->user, sizeof(result->user));
	if (t->wait > 0) {
		result->outcome = MFA_THROTTLED;
		result->reason = "codes";
		result->wait = t->wait;
		return ERR_OK;
	}
	if ((e = check(policy, t, shown, now, c, result)) != ERR_OK) {
		result->outcome = MFA_WRONG;
		return why_set(why, e, "a code could not be checked");
	}
	return is_guess(result) ? record(policy, shown->way, address, result, why)
				: ERR_OK;
}

bool
mfa_code_is(enum factors_way way)
{
	return way == FACTORS_TOTP || way == FACTORS_RECOVERY;
}

enum err
mfa_code_result(const struct mfa_policy *policy, enum factors_used used,
		const struct mfa_proof *shown, struct str address,
		struct mfa_result *result, struct why *why)
{
	static const struct {
		enum mfa_outcome outcome;
		const char *reason;
	} table[] = {
		[FACTORS_OVER] = { MFA_OVER, "over" },
		[FACTORS_WRONG] = { MFA_WRONG, "recovery" },
		[FACTORS_REPLAYED] = { MFA_REPLAYED, "replayed" },
		[FACTORS_COUNTER] = { MFA_WRONG, "counter" },
		[FACTORS_WAIT] = { MFA_TOO_OFTEN, "logins" },
		[FACTORS_USED] = { MFA_DONE, NULL },
	};

	result->outcome = table[used].outcome;
	result->reason = table[used].reason;
	return mfa_code_is(shown->way) && is_guess(result)
		       ? record(policy, shown->way, address, result, why)
		       : ERR_OK;
}

unsigned
mfa_code_ways(const struct mfa_policy *policy, unsigned ways)
{
	return policy->keys != NULL ? ways : ways & ~(unsigned)FACTORS_TOTP;
}
