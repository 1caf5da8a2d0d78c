#include "mfa/mfa.h"

#include <string.h>

#include "crypto/secret.h"
#include "mfa/mfa_code.h"
#include "people/session_new.h"

static struct str
hash_str(const unsigned char hash[SHA256_SIZE])
{
	return (struct str){ (const char *)hash, SHA256_SIZE };
}

enum err
mfa_keep(const struct flow_policy *policy, const struct flow *flow,
	 const struct flow_wishes *wishes, char ticket[TICKET_SIZE], bool *kept,
	 struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	struct flows_new n = { .who = flow_who(policy, flow),
			       .new_hash = str_of(flow->new_hash),
			       .browser = wishes->browser,
			       .remember = wishes->remember,
			       .setup = flow->row.setup };
	enum err e = ticket_new(TICKET_FLOW, ticket);

	*kept = false;
	if (e == ERR_OK && !ticket_hash(TICKET_FLOW, str_of(ticket), hash))
		e = ERR_CRYPTO;
	if (e != ERR_OK)
		return why_set(why, e, "no ticket for a login");
	n.hash = hash_str(hash);
	if (flow->row.device_known)
		n.device = hash_str(flow->device_hash);
	return flows_add(policy->db, &flow->row, &n, kept, why);
}

enum err
mfa_find(const struct mfa_policy *policy, struct str ticket, struct mfa_login *login,
	 struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	struct flows_row row;
	enum err e;

	*login = (struct mfa_login){ .found = false };
	if (!ticket_hash(TICKET_FLOW, ticket, hash))
		return ERR_OK;
	e = flows_find(policy->flow->db, hash_str(hash), &row, why);
	if (e != ERR_OK || !row.found)
		return e;
	login->found = true;
	memcpy(login->user, row.user, sizeof(login->user));
	memcpy(login->name, row.name, sizeof(login->name));
	login->ways = mfa_code_ways(policy, row.ways);
	login->setup = row.setup || row.linked;
	return ERR_OK;
}

/* ---- open ---- */

static void
read_opened(const struct logins_result *from, struct flow_opened *opened)
{
	opened->session = from->session;
	opened->displaced = from->displaced;
	memcpy(opened->language, from->language, sizeof(opened->language));
}

static enum err
open_session(const struct mfa_policy *policy, struct str hash,
	     const struct flows_row *row, const struct mfa_ask *ask,
	     const struct factors_proof *proof, struct flow_opened *opened,
	     struct flows_result *result, struct why *why)
{
	struct session_owner owner = { .user = str_of(row->user),
				       .device_version = row->device_version };
	bool trust = ask->remember_device && policy->remember > 0, known = false;
	const struct device_owner whose = { str_of(row->user), row->device_version };
	struct device device;
	struct session_new n;
	enum err e = device_read_of(policy->flow->secret, ask->device, ask->wishes.now,
				    &whose, &device, &known);

	if (known)
		owner.known = &device;
	if (e == ERR_OK)
		e = session_new(policy->flow, &ask->wishes, &owner, opened, &n);
	if (e != ERR_OK)
		return why_set(why, e, "no secrets for a session");
	n.row.who.address = ask->address;
	return flows_open(policy->flow->db, hash, proof,
			  trust ? hash_str(n.device) : STR(""), policy->remember, &n.row,
			  result, why);
}

/* Use the proof up. A try that neither opened a session nor was a guess is not counted. */
static enum err
use(const struct mfa_policy *policy, struct str hash, const struct flows_row *row,
    const struct mfa_ask *ask, const struct mfa_proof *shown,
    const struct factors_proof *proof, struct mfa_result *r, struct why *why)
{
	struct flows_result result = { .used = FACTORS_OVER };
	enum err e =
		open_session(policy, hash, row, ask, proof, &r->opened, &result, why);

	if (mfa_code_is(shown->way) && (e != ERR_OK || result.used == FACTORS_WAIT))
		flows_unjudged(policy->flow->db, hash, NULL);
	if (e == ERR_OK)
		e = mfa_code_result(policy, result.used, shown, ask->address, r, why);
	if (e == ERR_OK && r->outcome == MFA_DONE) {
		r->recovery_left = result.recovery_left;
		read_opened(&result.opened, &r->opened);
	}
	r->wait = result.wait;
	secret_wipe(&result, sizeof(result));
	return e;
}

/* MFA_DONE: the code can be used up. */
static enum err
try_code(const struct mfa_policy *policy, struct str hash, const struct mfa_ask *ask,
	 const struct mfa_proof *shown, struct mfa_code *c, struct mfa_result *r,
	 struct why *why)
{
	struct factors_try t;
	enum err e = flows_try(policy->flow->db, hash, shown->way, ask->address, &t, why);

	if (e != ERR_OK)
		return e;
	e = mfa_code_judge(policy, &t, shown, ask->address, ask->wishes.now, c, r, why);
	if (e != ERR_OK || r->outcome == MFA_NO_KEYS)
		flows_unjudged(policy->flow->db, hash, NULL);
	secret_wipe(&t, sizeof(t));
	return e;
}

static enum err
go_through(const struct mfa_policy *policy, struct str hash, struct mfa_ask *ask,
	   const struct mfa_proof *shown, struct mfa_result *r, struct why *why)
{
	const struct factors_proof setup = { .way = 0 };
	const struct factors_proof *proof = shown->way == 0 ? &setup : shown->passkey;
	struct flows_row row;
	struct mfa_code code;
	enum err e = flows_find(policy->flow->db, hash, &row, why);

	if (e != ERR_OK || !row.found || row.setup || row.linked ||
	    (shown->way == FACTORS_PASSKEY && shown->passkey == NULL))
		return e;
	memcpy(r->user, row.user, sizeof(r->user));
	ask->wishes.browser = row.browser;
	ask->wishes.remember = row.remember;
	if (mfa_code_is(shown->way)) {
		e = try_code(policy, hash, ask, shown, &code, r, why);
		if (e != ERR_OK || r->outcome != MFA_DONE)
			return e;
		proof = &code.proof;
	}
	return use(policy, hash, &row, ask, shown, proof, r, why);
}

enum err
mfa_open(const struct mfa_policy *policy, struct mfa_ask *ask,
	 const struct mfa_proof *proof, struct mfa_result *result, struct why *why)
{
	const struct mfa_proof meant = mfa_code_meant(proof);
	unsigned char hash[SHA256_SIZE];
	enum err e = ERR_OK;

	*result = (struct mfa_result){ .outcome = MFA_OVER,
				       .reason = "over",
				       .recovery_left = -1 };
	if (ticket_hash(TICKET_FLOW, ask->ticket, hash))
		e = go_through(policy, hash_str(hash), ask, &meant, result, why);
	if (e != ERR_OK || result->outcome != MFA_DONE)
		flow_opened_done(&result->opened);
	return e;
}

void
mfa_result_done(struct mfa_result *result)
{
	flow_opened_done(&result->opened);
}
