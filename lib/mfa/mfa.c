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

/* What can be checked now: one-time codes need their keys. */
static unsigned
ways_now(const struct mfa_policy *policy, unsigned ways)
{
	return policy->keys != NULL ? ways : ways & ~(unsigned)FACTORS_TOTP;
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
	login->ways = ways_now(policy, row.ways);
	login->setup = row.setup || row.linked;
	return ERR_OK;
}

/* ---- a code ---- */

/* Refuse, and record it: a wrong code stays counted as a guess. */
static enum err
refuse_code(const struct mfa_policy *policy, const struct mfa_ask *ask,
	    enum factors_way way, struct mfa_result *r, struct why *why)
{
	return factors_failed(policy->flow->db, str_of(r->user), way, r->reason,
			      ask->address, why);
}

/* MFA_DONE: the code can be used up. The try has been counted. */
static enum err
try_code(const struct mfa_policy *policy, struct str hash, const struct mfa_ask *ask,
	 const struct mfa_proof *proof, struct mfa_code *c, struct mfa_result *r,
	 struct why *why)
{
	struct factors_try t;
	enum err e = flows_try(policy->flow->db, hash, proof->way, ask->address, &t, why);

	if (e != ERR_OK || !t.found) {
		r->outcome = MFA_OVER;
		return e;
	}
	memcpy(r->user, t.user, sizeof(r->user));
	if (t.wait > 0) {
		r->outcome = MFA_THROTTLED;
		r->reason = "codes";
		r->wait = t.wait;
		return ERR_OK;
	}
	e = mfa_code_check(policy->keys, &t, proof->way, proof->code, ask->wishes.now, c,
			   &r->outcome, &r->reason, why);
	secret_wipe(&t, sizeof(t));
	if (e != ERR_OK || r->outcome == MFA_NO_KEYS)
		flows_unjudged(policy->flow->db, hash, NULL);
	else if (r->outcome != MFA_DONE)
		e = refuse_code(policy, ask, proof->way, r, why);
	return e;
}

/* ---- open ---- */

/* The device that was brought, if it is this user's. */
static enum err
find_device(const struct mfa_policy *policy, const struct mfa_ask *ask,
	    const struct flows_row *row, struct device *device, bool *known)
{
	enum err e = device_read(policy->flow->secret, ask->device, ask->wishes.now,
				 device, known);

	*known = e == ERR_OK && *known && strcmp(device->user, row->user) == 0 &&
		 device->version == row->device_version;
	return e;
}

/* What the database made of a proof that was right as far as we could see. */
static void
read_result(const struct flows_result *from, struct mfa_result *r)
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

	r->outcome = table[from->used].outcome;
	r->reason = table[from->used].reason;
	r->wait = from->wait;
	r->recovery_left = from->recovery_left;
	if (r->outcome == MFA_DONE) {
		r->opened.session = from->opened.session;
		r->opened.displaced = from->opened.displaced;
		memcpy(r->opened.language, from->opened.language,
		       sizeof(r->opened.language));
	}
}

static enum err
open_session(const struct mfa_policy *policy, struct str hash,
	     const struct flows_row *row, const struct mfa_ask *ask,
	     const struct factors_proof *proof, struct mfa_result *r, struct why *why)
{
	struct session_owner owner = { .user = str_of(row->user),
				       .device_version = row->device_version };
	struct flows_result result = { .used = FACTORS_OVER };
	struct device device;
	struct session_new n;
	bool known = false;
	enum err e = find_device(policy, ask, row, &device, &known);

	if (known)
		owner.known = &device;
	if (e == ERR_OK)
		e = session_new(policy->flow, &ask->wishes, &owner, &r->opened, &n);
	if (e != ERR_OK)
		return why_set(why, e, "no secrets for a session");
	n.row.who.address = ask->address;
	e = flows_open(policy->flow->db, hash, proof,
		       ask->remember_device && policy->remember > 0 ? hash_str(n.device)
								    : STR(""),
		       policy->remember, &n.row, &result, why);
	if (e == ERR_OK)
		read_result(&result, r);
	secret_wipe(&result, sizeof(result));
	return e;
}

/* A code that was not used up: a guess stays counted, anything else does not. */
static enum err
settle(const struct mfa_policy *policy, struct str hash, const struct mfa_ask *ask,
       const struct mfa_proof *proof, struct mfa_result *r, struct why *why)
{
	bool is_code = (proof->way & (FACTORS_TOTP | FACTORS_RECOVERY)) != 0;

	if (is_code && (r->outcome == MFA_WRONG || r->outcome == MFA_REPLAYED))
		return refuse_code(policy, ask, proof->way, r, why);
	if (is_code && r->outcome == MFA_TOO_OFTEN)
		return flows_unjudged(policy->flow->db, hash, why);
	return ERR_OK;
}

static enum err
go_through(const struct mfa_policy *policy, struct str hash, struct mfa_ask *ask,
	   const struct mfa_proof *proof, struct mfa_result *r, struct why *why)
{
	const struct factors_proof setup = { .way = 0 };
	const struct factors_proof *checked = &setup;
	struct flows_row row;
	struct mfa_code code;
	enum err e = flows_find(policy->flow->db, hash, &row, why);

	if (e != ERR_OK || !row.found || row.setup || row.linked)
		return e;
	memcpy(r->user, row.user, sizeof(r->user));
	r->outcome = MFA_DONE;
	if (proof->way == FACTORS_PASSKEY) {
		checked = proof->passkey;
	} else if (proof->way != 0) {
		e = try_code(policy, hash, ask, proof, &code, r, why);
		checked = &code.proof;
	}
	ask->wishes.browser = row.browser;
	ask->wishes.remember = row.remember;
	if (e == ERR_OK && r->outcome == MFA_DONE) {
		r->outcome = MFA_OVER;
		e = open_session(policy, hash, &row, ask, checked, r, why);
		if (e == ERR_OK)
			e = settle(policy, hash, ask, proof, r, why);
		else if (proof->way != FACTORS_PASSKEY && proof->way != 0)
			flows_unjudged(policy->flow->db, hash, NULL);
	}
	return e;
}

enum err
mfa_open(const struct mfa_policy *policy, struct mfa_ask *ask,
	 const struct mfa_proof *proof, struct mfa_result *result, struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	enum err e = ERR_OK;

	*result = (struct mfa_result){ .outcome = MFA_OVER,
				       .reason = "over",
				       .recovery_left = -1 };
	if (ticket_hash(TICKET_FLOW, ask->ticket, hash))
		e = go_through(policy, hash_str(hash), ask, proof, result, why);
	if (e != ERR_OK || result->outcome != MFA_DONE)
		flow_opened_done(&result->opened);
	return e;
}

void
mfa_result_done(struct mfa_result *result)
{
	flow_opened_done(&result->opened);
}
