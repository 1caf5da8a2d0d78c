#include "people/flow.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "crypto/secret.h"
#include "people/session_new.h"
#include "people/slots.h"

/* Each kind of proof that a flow takes. */
static const struct proof_kind *const kinds[] = { &proof_password };

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static struct str
bytes_str(const unsigned char hash[SHA256_SIZE], bool present)
{
	return (struct str){ (const char *)hash, present ? SHA256_SIZE : 0 };
}

/* Append to an array of a flow. If there is no room, it is left out. */
static void
keep(char *to, size_t size, struct str s)
{
	if (s.n >= size)
		return;
	memcpy(to, s.p, s.n);
	to[s.n] = '\0';
}

static void
refuse(struct flow *flow, const char *reason)
{
	slots_give(&flow->slot);
	flow->state = FLOW_REFUSED;
	keep(flow->reason, sizeof(flow->reason), str_of(reason));
}

/* A refusal takes at least this long. That hides how long older hashes take. */
static void
refuse_in_time(const struct flow_policy *policy, struct flow *flow, const char *reason)
{
	int64_t left;

	refuse(flow, reason);
	left = flow->began_ms + policy->min_ms - clock_monotonic_ms();
	if (left > 0)
		nanosleep(&(struct timespec){ .tv_sec = left / 1000,
					      .tv_nsec = left % 1000 * 1000000L },
			  NULL);
}

/* ---- begin ---- */

static bool
has_device(const struct flow *flow)
{
	return flow->device.user[0] != '\0';
}

/* As the database knows it. Borrows from the flow. */
static struct logins_device
device_of(const struct flow *flow)
{
	return (struct logins_device){
		.hash = bytes_str(flow->device_hash, has_device(flow)),
		.user = str_of(flow->device.user),
		.version = flow->device.version,
	};
}

/* As it was given to flow_begin. Borrows from the flow. */
struct logins_who
flow_who(const struct flow_policy *policy, const struct flow *flow)
{
	return (struct logins_who){
		.name = str_of(flow->name),
		.by = str_of(policy->login_by),
		.address = str_of(flow->address),
		.need = policy->need,
		.n_need = policy->n_need,
	};
}

/* A secret that is not ours, or too old, counts as no device. */
static enum err
read_device(const struct flow_policy *policy, const struct flow_ask *ask,
	    struct flow *flow)
{
	bool good = false;
	enum err e =
		device_read(policy->secret, ask->device, ask->now, &flow->device, &good);

	if (e != ERR_OK || !good)
		return e;
	return device_hash(&flow->device, flow->device_hash);
}

static enum err
begin(const struct flow_policy *policy, const struct flow_ask *ask, struct flow *flow,
      struct why *why)
{
	struct logins_device device;
	struct logins_who who;
	enum err e = read_device(policy, ask, flow);

	if (str_is_utf8(ask->name) && !str_has_control(ask->name))
		keep(flow->name, sizeof(flow->name), ask->name);
	keep(flow->address, sizeof(flow->address), ask->address);
	/*
	 * the slot comes first, so that no more tries are running than there are slots
	 */
	if (e == ERR_OK)
		e = slots_take(policy->state_dir, policy->slots, &flow->slot, why);
	if (e != ERR_OK)
		return e;
	device = device_of(flow);
	who = flow_who(policy, flow);
	return logins_begin(policy->db, &who, &device, &flow->row, why);
}

enum err
flow_begin(const struct flow_policy *policy, const struct flow_ask *ask,
	   struct flow *flow, struct why *why)
{
	enum err e;

	*flow = (struct flow){ .row.disabled = true,
			       .began_ms = clock_monotonic_ms(),
			       .slot = -1 };
	if ((e = begin(policy, ask, flow, why)) != ERR_OK) {
		refuse(flow, "unavailable");
	} else if (flow->row.wait > 0) {
		refuse(flow, "throttled");
		flow->state = FLOW_THROTTLED;
		flow->wait = flow->row.wait;
	} else {
		flow->state = FLOW_WANTS;
		flow->wanted = PROOF_PASSWORD;
	}
	return e;
}

/* ---- prove ---- */

/* Why the try fails, as a word; NULL: it does not. */
static const char *
refusal(const struct flow *flow, const struct proof_found *found)
{
	if (!flow->row.found)
		return "unknown";
	if (!found->right)
		return found->reason;
	if (flow->row.disabled)
		return "disabled";
	return NULL;
}

/* A device that is remembered is asked for no factor. */
static bool
wants_factor(const struct logins_row *row)
{
	return row->setup || (row->ways != 0 && !row->trusted);
}

static enum err
judge(const struct flow_policy *policy, struct flow *flow, const struct proof *proof,
      struct proof_found *found, struct why *why)
{
	const struct proof_known known = {
		.password_hash = str_of(flow->row.found ? flow->row.hash : ""),
		.renew = flow->row.found && !flow->row.disabled,
	};
	const struct logins_device device = device_of(flow);
	const struct logins_who who = flow_who(policy, flow);
	enum err e = proof->kind->judge(&policy->cost, &known, proof->shown, found, why);

	if (e != ERR_OK)
		logins_unjudged(policy->db, &flow->row, &who, &device, NULL);
	slots_give(&flow->slot);
	return e;
}

enum err
flow_prove(const struct flow_policy *policy, struct flow *flow, const struct proof *proof,
	   struct why *why)
{
	struct proof_found found = { .right = false };
	const char *reason;
	enum err e;

	if (flow->state != FLOW_WANTS ||
	    (flow->wanted & ~flow->proven & proof->kind->bit) == 0) {
		refuse(flow, "unwanted");
		return why_set(why, ERR_SYNTAX, "no %s is wanted", proof->kind->name);
	}
	if ((e = judge(policy, flow, proof, &found, why)) != ERR_OK) {
		refuse(flow, "unavailable");
	} else if ((reason = refusal(flow, &found)) != NULL) {
		e = logins_failed(policy->db, &flow->row, str_of(flow->address), reason,
				  why);
		if (e == ERR_OK)
			refuse_in_time(policy, flow, reason);
		else
			refuse(flow, reason);
	} else {
		flow->proven |= proof->kind->bit;
		keep(flow->new_hash, sizeof(flow->new_hash), str_of(found.new_hash));
		if (wants_factor(&flow->row))
			flow->wanted |= PROOF_FACTOR;
		if ((flow->wanted & ~flow->proven) == 0)
			flow->state = FLOW_PROVEN;
	}
	secret_wipe(&found, sizeof(found));
	return e;
}

/* ---- open ---- */

/*
 * The proofs that were accepted, as words for the session and its tokens. Returns how
 * many.
 */
static size_t
list_amr(const struct flow *flow, struct str amr[KINDS])
{
	size_t n = 0;

	for (size_t i = 0; i < KINDS; i++)
		if ((flow->proven & kinds[i]->bit) != 0)
			amr[n++] = str_of(kinds[i]->amr);
	return n;
}

static enum err
open_session(const struct flow_policy *policy, struct flow *flow,
	     const struct flow_wishes *wishes, struct flow_opened *opened,
	     struct logins_result *result, struct why *why)
{
	const struct session_owner owner = {
		.user = str_of(flow->row.id),
		.device_version = flow->row.device_version,
		.known = flow->row.device_known ? &flow->device : NULL,
	};
	struct str amr[KINDS];
	struct session_new n;
	enum err e = session_new(policy, wishes, &owner, opened, &n);

	if (e != ERR_OK)
		return e;
	n.row.who = flow_who(policy, flow);
	n.row.device = bytes_str(flow->device_hash, flow->row.device_known);
	n.row.new_hash = str_of(flow->new_hash);
	n.row.amr = amr;
	n.row.n_amr = list_amr(flow, amr);
	return logins_open(policy->db, &flow->row, &n.row, result, why);
}

enum err
flow_open(const struct flow_policy *policy, struct flow *flow,
	  const struct flow_wishes *wishes, struct flow_opened *opened, struct why *why)
{
	struct logins_result result = { .outcome = LOGINS_OVERTAKEN };
	enum err e;

	*opened = (struct flow_opened){ .displaced = false };
	if (flow->state != FLOW_PROVEN || flow->wanted == 0 ||
	    (flow->wanted & ~flow->proven) != 0) {
		refuse(flow, "unproven");
		return why_set(why, ERR_SYNTAX, "a session without its proofs");
	}
	e = open_session(policy, flow, wishes, opened, &result, why);
	if (e != ERR_OK) {
		refuse(flow, "unavailable");
	} else if (result.outcome == LOGINS_OPENED) {
		opened->session = result.session;
		opened->displaced = result.displaced;
		memcpy(opened->language, result.language, sizeof(opened->language));
		flow->state = FLOW_OPENED;
		return ERR_OK;
	} else if (result.outcome == LOGINS_WAIT) {
		refuse(flow, "logins");
		flow->state = FLOW_THROTTLED;
		flow->wait = result.wait;
		flow->too_often = true;
	} else {
		flow_overtaken(policy, flow);
	}
	flow_opened_done(opened);
	return e;
}

enum err
flow_give_back(const struct flow_policy *policy, const struct flow *flow, struct why *why)
{
	const struct logins_device device = device_of(flow);
	const struct logins_who who = flow_who(policy, flow);

	return logins_unjudged(policy->db, &flow->row, &who, &device, why);
}

void
flow_overtaken(const struct flow_policy *policy, struct flow *flow)
{
	refuse_in_time(policy, flow, "changed_meanwhile");
}

void
flow_done(struct flow *flow)
{
	slots_give(&flow->slot);
	secret_wipe(flow, sizeof(*flow));
	flow->slot = -1;
}

void
flow_opened_done(struct flow_opened *opened)
{
	secret_wipe(opened, sizeof(*opened));
}
