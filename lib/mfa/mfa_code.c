#include "mfa/mfa_code.h"

#include <string.h>

#include "base/log.h"
#include "crypto/secret.h"
#include "factor/recovery.h"
#include "factor/totp.h"

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
enum err
mfa_code_check(const struct factor_keys *keys, const struct factors_try *t,
	       enum factors_way way, struct str code, int64_t now, struct mfa_code *c,
	       enum mfa_outcome *outcome, const char **reason, struct why *why)
{
	bool is_code = false;
	enum err e = ERR_OK;

	*c = (struct mfa_code){ .proof.way = way };
	*outcome = MFA_WRONG;
	*reason = way == FACTORS_TOTP ? "totp" : "recovery";
	if (way == FACTORS_TOTP && t->totp.n > 0) {
		e = check_totp(keys, t, code, now, c, outcome, reason);
	} else if (way == FACTORS_RECOVERY) {
		e = recovery_hash(str_of(t->user), code, c->hash, &is_code);
		c->proof.code = (struct str){ (const char *)c->hash, sizeof(c->hash) };
		if (is_code)
			*outcome = MFA_DONE;
	}
	if (e != ERR_OK) {
		*outcome = MFA_WRONG;
		why_set(why, e, "a code could not be checked");
	}
	return e;
}
