/*
 * The second step of a login: one more proof after a right password.
 *
 * A flow (people/flow.h) that wants a factor is kept in the database. The client gets its
 * ticket, which opens nothing but the way to the next proof. The ticket is good for ten
 * minutes, and only as long as the user has the same password, is not disabled, and has not
 * ended all sessions. The proof comes with another request, and the session is opened in
 * the statement that uses the proof up. This is policy only: it does not know HTTP and
 * issues no access token.
 *
 * A session that is open can prove one more factor in the same way (mfa_step).
 */
#ifndef MFA_H
#define MFA_H

#include <stdbool.h>
#include <stdint.h>

#include "factor/factor_keys.h"
#include "people/flow.h"
#include "store/factor/flows.h"
#include "ticket/ticket.h"

/* From the settings; the same at every call. */
struct mfa_policy {
	const struct flow_policy *flow;
	const struct factor_keys *keys; /* of one-time codes; NULL: there are none */
	bool mail;                      /* the site sends mail */
	int64_t remember; /* seconds for which a browser may be remembered; 0: never */
};

/*
 * Keep a flow that is FLOW_WANTS with nothing left to prove but PROOF_FACTOR. `*kept`
 * false: the user was disabled or changed meanwhile. `setup`: the user has no factor and
 * has to make one. `wishes` as for flow_open. The caller wipes `ticket`.
 */
enum err mfa_keep(const struct flow_policy *policy, const struct flow *flow,
		  const struct flow_wishes *wishes, char ticket[TICKET_SIZE], bool *kept,
		  struct why *why);

/* What a ticket stands for. Nothing is counted. */
struct mfa_login {
	bool found; /* false: no such flow, or it is over */
	char user[UUID_SIZE];
	char name[256];
	unsigned ways; /* a set of enum factors_way: those that can be checked now */
	bool setup;    /* the user has no factor yet */
};

enum err mfa_find(const struct mfa_policy *policy, struct str ticket,
		  struct mfa_login *login, struct why *why);

/* A proof as it was shown. */
struct mfa_proof {
	enum factors_way way;
	struct str code; /* of FACTORS_TOTP and FACTORS_RECOVERY */
	const struct factors_proof
		*passkey; /* of FACTORS_PASSKEY: verified. Or `way` is 0:
					      * the flow has set a factor up itself */
};

/* Zero refuses. */
enum mfa_outcome {
	MFA_WRONG = 0, /* the proof is not right; the ticket is still good */
	MFA_REPLAYED,  /* the code was used before; likewise */
	MFA_THROTTLED, /* too many tries of codes: `wait`; likewise */
	MFA_TOO_OFTEN, /* too many logins: `wait`; likewise */
	MFA_NO_KEYS,   /* one-time codes cannot be checked now; likewise */
	MFA_OVER,      /* the ticket or the session is not good any more */
	MFA_DONE
};

struct mfa_result {
	enum mfa_outcome outcome;
	int64_t wait;
	const char *reason;   /* a word for the log; NULL with MFA_DONE */
	char user[UUID_SIZE]; /* empty with MFA_OVER */

	/* Of MFA_DONE: */
	struct flow_opened opened;
	int64_t recovery_left; /* codes; -1 unless one was used */
};

/* Who shows the proof. */
struct mfa_ask {
	struct str ticket;
	struct str address;   /* of the client */
	struct str device;    /* the device secret that came with the request, or empty */
	bool remember_device; /* ask for no factor with the next logins of this device */
	struct flow_wishes
		wishes; /* `remember` and `browser` are those of the flow, and are
				    * filled in */
};

/*
 * Check the proof, and open the session if it is right. A wrong code counts as a try. An
 * error (503) means that it could not be checked, and no try was counted. Call
 * mfa_result_done after any return.
 */
enum err mfa_open(const struct mfa_policy *policy, struct mfa_ask *ask,
		  const struct mfa_proof *proof, struct mfa_result *result,
		  struct why *why);

void mfa_result_done(struct mfa_result *result);

#endif
