/* A new passkey. */
#include "passkey/passkey_parts.h"

static enum err
store(const struct passkey_site *site, const struct passkey_new *made,
      const struct webauthn_registration *r, const struct challenge *challenge,
      enum factors_set *set, bool *codes_stored, struct why *why)
{
	struct str transports[WEBAUTHN_TRANSPORTS_MAX];
	struct passkeys_new row = {
		.credential = buf_str(&r->credential_id),
		.rp_id = site->rp_id,
		.counter = r->counter,
		.backup_eligible = r->flags.be,
		.backed_up = r->flags.bs,
		.verified = r->flags.uv,
		.transports = transports,
		.n_transports = r->n_transports,
		.name = made->name,
		.nonce = challenge_nonce(challenge),
	};
	struct buf jwk;
	enum err e;

	for (size_t i = 0; i < r->n_transports; i++)
		transports[i] = str_of(r->transports[i]);
	buf_init(&jwk, PASSKEYS_JWK - 1);
	e = webauthn_write_key(&r->key, &jwk);
	row.jwk = buf_str(&jwk);
	if (e == ERR_OK)
		e = passkeys_add(site->db, made->by, &row, made->codes, set, codes_stored,
				 why);
	buf_done(&jwk);
	return e;
}

enum err
passkey_make(const struct passkey_site *site, const struct passkey_new *made, bool *good,
	     enum factors_set *set, bool *codes_stored, struct why *why)
{
	struct str origins[PASSKEY_ORIGINS_MAX];
	struct webauthn_policy policy = passkey_policy(site, origins, made->alone);
	enum webauthn_verdict verdict = WEBAUTHN_REFUSED;
	struct webauthn_registration r;
	struct challenge challenge;
	const char *reason;
	enum err e;

	*set = FACTORS_SET_OVER;
	*codes_stored = false;
	e = passkey_challenge(site, made->answer, &challenge, good, &reason);
	if (e == ERR_OK && !*good)
		return why_set(why, ERR_OK, "%s", reason);
	if (e != ERR_OK)
		return e;
	e = webauthn_register(&policy, challenge_bytes(&challenge), made->answer->json,
			      &r, &verdict, why);
	*good = e == ERR_OK && verdict == WEBAUTHN_GOOD;
	if (*good)
		e = store(site, made, &r, &challenge, set, codes_stored, why);
	webauthn_registration_done(&r);
	return e;
}
