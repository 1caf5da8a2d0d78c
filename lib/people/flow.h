/*
 * A login as a flow: flow_begin says which proofs are wanted, flow_prove takes one at a
 * time, flow_open opens the session when all that are wanted are there. Policy only: it
 * knows no HTTP and issues no access token.
 *
 * A login by password makes two round trips to the database: flow_begin counts the try
 * before anything else is done, and flow_open, or flow_prove that refuses, records how
 * it ended. Exactly one password hash is computed between them, whoever the name belongs
 * to; none when the try has to wait. A proof that could not be looked at (no memory)
 * takes a third round trip: the try is not counted.
 */
#ifndef FLOW_H
#define FLOW_H

#include "people/device.h"
#include "people/password.h"
#include "people/proof.h"
#include "people/refresh.h"
#include "store/logins.h"

/* From the settings; the same at every call. */
struct flow_policy {
	struct db *db;
	struct str secret;    /* the session secret */
	const char *login_by; /* what users are named by: name, address or both */
	struct password_cost cost;
	const char *state_dir; /* NULL: not set */
	unsigned slots;        /* password_slots */
	int64_t min_ms;        /* login_min_ms */
	int64_t session_idle;  /* of sessions that are kept signed in */
	int64_t session_life;
	int64_t session_browser_life; /* of the others */
	int64_t sessions_max;         /* of one user and kind */
};

/* Who wants to log in, from where. */
struct flow_ask {
	struct str name;    /* what was typed: a name or an address of mail */
	struct str address; /* of the client */
	struct str device;  /* the device secret it brought, or empty */
	int64_t now;
};

/* Zero refuses. */
enum flow_state {
	FLOW_REFUSED = 0, /* wrong, unknown or disabled: the same answer for all */
	FLOW_THROTTLED,   /* too many tries, or the user has logged in too often */
	FLOW_WANTS,       /* proofs: those of `wanted` that are not in `proven` */
	FLOW_PROVEN,      /* all that were wanted: it can be opened */
	FLOW_OPENED
};

#define FLOW_NAME_MAX 255 /* bytes */

/*
 * A login under way. Plain data that borrows from no request, so that one can be kept
 * until the next proof comes with another request. It holds the user's password hash:
 * flow_done wipes it.
 */
struct flow {
	enum flow_state state;
	unsigned wanted, proven; /* sets of proofs (proof.h) */
	int64_t wait;            /* of FLOW_THROTTLED, in seconds, at least 1 */
	bool too_often;          /* of FLOW_THROTTLED: the proofs were right */
	char reason[24];         /* a word for the log, never for the client */

	char name[FLOW_NAME_MAX + 1]; /* as it was given; empty: cannot be anyone's */
	char address[64];             /* that the try was counted for */
	struct logins_row row;        /* the user, as of flow_begin */
	struct device device;         /* that was brought; all zero: none */
	unsigned char device_hash[SHA256_SIZE];
	char new_hash[PASSWORD_HASH_SIZE]; /* replaces the user's; empty: keep it */
	int64_t began_ms;                  /* by the monotonic clock */
	int slot; /* to hash in, held from flow_begin to flow_prove; else -1 */
};

/*
 * Count the try and see what is wanted of that user. The state is FLOW_WANTS, also for
 * a name that nobody has, or FLOW_THROTTLED. A name that is not UTF-8, holds control
 * characters or is over FLOW_NAME_MAX is taken for an unknown one.
 *
 * ERR_BUSY: no slot to hash in was free (503, try again); ERR_DATABASE, an unusable
 * state_dir and the rest: could not be decided (503). flow_done after any return.
 */
enum err flow_begin(const struct flow_policy *policy, const struct flow_ask *ask,
		    struct flow *flow, struct why *why);

/*
 * Take one proof. The state becomes FLOW_PROVEN, FLOW_WANTS for one more, or
 * FLOW_REFUSED, not before login_min_ms after flow_begin. ERR_SYNTAX: that proof is not
 * wanted. After an error the flow is over.
 */
enum err flow_prove(const struct flow_policy *policy, struct flow *flow,
		    const struct proof *proof, struct why *why);

/* What the session is to be like. */
struct flow_wishes {
	struct str agent;    /* User-Agent, for the list of sessions */
	struct str replaces; /* the refresh token it brought: that session ends */
	struct str
		news; /* for the mail about a new browser (JSON); empty: none is sent */
	bool remember;
	bool browser; /* the kind of session: by the form; else by JSON */
	int64_t now;
};

struct flow_opened {
	struct session session;
	char refresh[REFRESH_SIZE];
	char device[DEVICE_SIZE];       /* replaces the one it brought, if any */
	char language[LOGINS_LANGUAGE]; /* that the user has chosen; or empty */
	bool displaced;                 /* other sessions ended for it: session_end */
};

/*
 * Open the session of a flow that is FLOW_PROVEN: FLOW_OPENED, and `*opened` is filled
 * in; FLOW_REFUSED when the user was disabled or changed meanwhile; FLOW_THROTTLED after
 * too many logins. ERR_SYNTAX, and nothing is opened: proofs are missing. `*opened` is
 * empty unless the state is FLOW_OPENED. Once: a flow that was opened is over.
 */
enum err flow_open(const struct flow_policy *policy, struct flow *flow,
		   const struct flow_wishes *wishes, struct flow_opened *opened,
		   struct why *why);

/* Wipe. A second time, and after a copy went on, are allowed: see `slot`. */
void flow_done(struct flow *flow);
void flow_opened_done(struct flow_opened *opened);

#endif
