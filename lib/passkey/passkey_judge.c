/* The answer of a passkey that exists. */
#include "passkey/passkey_parts.h"
#include "ticket/ticket_fields.h"

struct webauthn_policy
passkey_policy(const struct passkey_site *site, struct str *origins,
	       bool user_verification)
{
	size_t n = 0;

	while (n < site->n_origins && n < PASSKEY_ORIGINS_MAX) {
		origins[n] = str_of(site->origins[n]);
		n++;
	}
	return (struct webauthn_policy){ .rp_id = site->rp_id,
					 .origins = origins,
					 .n_origins = n,
					 .user_verification = user_verification };
}

enum err
passkey_challenge(const struct passkey_site *site, const struct passkey_answer *answer,
		  struct challenge *c, bool *good, const char **reason)
{
	char text[CHALLENGE_SIZE];
	enum err e;

	*good = false;
	*reason = "malformed";
	if (!challenge_of_response(answer->json, text))
		return ERR_OK;
	*reason = answer->binding.n == 0 ? "no_cookie" : "challenge";
	e = challenge_check(site->secret, answer->binding, answer->now, str_of(text), c,
			    good);
	if (*good)
		*reason = NULL;
	return e;
}

/* Compare it with what is stored. The counter is left to the statement that stores it. */
static enum err
verify(const struct passkey_site *site, struct str user,
       struct webauthn_assertion *assertion, struct passkey_judged *j, struct why *why)
{
	unsigned char handle[TICKET_UUID];
	struct str origins[PASSKEY_ORIGINS_MAX];
	struct webauthn_policy policy = passkey_policy(site, origins, user.n == 0);
	enum webauthn_verdict verdict = WEBAUTHN_REFUSED;
	struct jwk key;
	struct webauthn_known known = {
		.key = &key,
		.counter = (uint32_t)j->row.counter,
		.backup_said = true,
		.backup_eligible = j->row.backup_eligible,
		.user_handle = { (const char *)handle, sizeof(handle) },
		.user_handle_wanted = user.n == 0,
	};
	enum err e = webauthn_read_key(str_of(j->row.jwk), &key, why);

	if (e == ERR_OK && !ticket_put_uuid(handle, str_of(j->row.user)))
		e = ERR_SYNTAX;
	if (e == ERR_OK)
		e = webauthn_authenticate(&policy, challenge_bytes(&j->challenge), &known,
					  assertion, &verdict, why);
	jwk_done(&key);
	j->reason = "refused";
	if (e != ERR_OK || (verdict != WEBAUTHN_GOOD && verdict != WEBAUTHN_COUNTER))
		return e;
	j->counter = assertion->counter;
	j->backed_up = assertion->flags.bs;
	j->verified = assertion->flags.uv;
	j->reason = j->row.disabled ? "disabled" : NULL;
	return ERR_OK;
}

enum err
passkey_judge(const struct passkey_site *site, struct str user,
	      const struct passkey_answer *answer, struct passkey_judged *j,
	      struct why *why)
{
	struct webauthn_assertion assertion;
	bool readable = false, good;
	enum err e;

	*j = (struct passkey_judged){ .row.disabled = true };
	e = passkey_challenge(site, answer, &j->challenge, &good, &j->reason);
	if (e != ERR_OK || !good)
		return e;
	e = webauthn_read_assertion(answer->json, &assertion, &readable, why);
	j->reason = "malformed";
	if (e == ERR_OK && readable) {
		e = passkeys_find(site->db, buf_str(&assertion.credential_id),
				  site->rp_id, user, &j->row, why);
		j->reason = "unknown";
	}
	if (e == ERR_OK && j->row.found)
		e = verify(site, user, &assertion, j, why);
	j->good = e == ERR_OK && j->reason == NULL;
	webauthn_assertion_done(&assertion);
	return e;
}

struct factors_proof
passkey_proof(const struct passkey_judged *judged)
{
	return (struct factors_proof){ .way = FACTORS_PASSKEY,
				       .passkey = str_of(judged->row.id),
				       .counter = judged->counter,
				       .backed_up = judged->backed_up,
				       .verified = judged->verified,
				       .nonce = challenge_nonce(&judged->challenge) };
}
