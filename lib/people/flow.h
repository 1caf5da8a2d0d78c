/*
 * A login as a flow. flow_begin says which proofs are needed, flow_prove takes one at
 * a time, and flow_open opens the session when all are there. This is policy only: it
 * does not know HTTP and issues no access token.
 *
 * A login by password makes two round trips to the database. flow_begin counts the try
 * before anything else is done. flow_open, or flow_prove if it refuses, records how
 * the try ended. Between them exactly one password hash is computed, whether the name
 * exists or not. If the try has to wait, none is computed. If a proof could not be
 * checked (no memory), a third round trip takes the count of the try back.
 */
#ifndef FLOW_H
#define FLOW_H

#include "people/device.h"
#include "people/password.h"
#include "people/proof.h"
#include "people/refresh.h"
#include "store/logins.h"

#define FLOW_NEED_MAX 64 /* roles */

/* From the settings; the same at every call. */
struct flow_policy {
	struct db *db;
	struct str secret; /* the session secret */
	const char
		*login_by; /* the names by which people log in: name, address or both */
	struct password_cost cost;
	const char *state_dir; /* NULL: not set */
	unsigned slots;        /* password_slots */
	int64_t min_ms;        /* login_min_ms */
	int64_t session_idle;  /* of sessions that are kept signed in */
	int64_t session_life;
	int64_t session_browser_life; /* of the others */
	int64_t sessions_max;         /* of one user and kind */
	struct str
		need[FLOW_NEED_MAX]; /* of whom a factor is required: roles, or `all` */
	size_t n_need;
};

/* Who wants to log in, from where. */
struct flow_ask {
	struct str name;    /* what was typed: a name or an address of mail */
	struct str address; /* of the client */
	struct str device;  /* the device secret that came with the request, or empty */
	int64_t now;
};

/* Zero refuses. */
enum flow_state {
	FLOW_REFUSED = 0, /* wrong, unknown or disabled: the same answer for all */
	FLOW_THROTTLED,   /* too many tries, or the user has logged in too often */
	FLOW_WANTS,       /* more proofs are needed: those of `wanted` that are not in
			   * `proven`; PROOF_FACTOR is known only after the password */
	FLOW_PROVEN,      /* all proofs are there; the session can be opened */
	FLOW_OPENED
};

#define FLOW_NAME_MAX 255 /* bytes */

/*
 * A login that is not complete yet. It is plain data that borrows from no request, so
 * it can be kept until the next proof comes with another request. It holds the user's
 * password hash; flow_done wipes it.
 */
struct flow {
	enum flow_state state;
	unsigned wanted, proven; /* sets of proofs (proof.h) */
	int64_t wait;            /* for FLOW_THROTTLED: seconds to wait, at least 1 */
	bool too_often;          /* for FLOW_THROTTLED: the proofs were right */
	char reason[24];         /* a word for the log, never for the client */

	char name[FLOW_NAME_MAX + 1]; /* as given to flow_begin; empty: it cannot be
				       * anybody's */
	char address[64];             /* the device that the try was counted for */
	struct logins_row row;        /* the user, as of flow_begin */
	struct device device;         /* the device that was brought; all zero: none */
	unsigned char device_hash[SHA256_SIZE];
	char new_hash[PASSWORD_HASH_SIZE]; /* the new hash of the user; empty: keep the
					    * old one */
	int64_t began_ms;                  /* by the monotonic clock */
	int slot; /* the slot for hashing, held from flow_begin to flow_prove; otherwise
		   * -1 */
};

/*
 * Count the try, and find out which proofs that user needs. The state is FLOW_WANTS,
 * also for a name that does not exist, or FLOW_THROTTLED. A name that is not UTF-8,
 * contains control characters or is longer than FLOW_NAME_MAX is treated as unknown.
 *
 * ERR_BUSY: no slot for hashing was free (503, try again). ERR_DATABASE, an unusable
 * state_dir and other errors: it could not be decided (503). Call flow_done after any
 * return.
 */
enum err flow_begin(const struct flow_policy *policy, const struct flow_ask *ask,
		    struct flow *flow, struct why *why);

/*
 * Take one proof. The state becomes FLOW_PROVEN, FLOW_WANTS for one more, or
 * FLOW_REFUSED, which takes at least login_min_ms since flow_begin. ERR_SYNTAX: that
 * proof is not needed. After an error the flow is over.
 */
enum err flow_prove(const struct flow_policy *policy, struct flow *flow,
		    const struct proof *proof, struct why *why);

/* Properties of the session. */
struct flow_wishes {
	struct str agent;    /* User-Agent, for the list of sessions */
	struct str replaces; /* the refresh token that was brought; its session ends */
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
 * Open the session of a flow that is FLOW_PROVEN. FLOW_OPENED: `*opened` is filled in.
 * FLOW_REFUSED: the user was disabled or changed meanwhile. FLOW_THROTTLED: too many
 * logins. ERR_SYNTAX: proofs are missing, and nothing is opened. `*opened` is empty
 * unless the state is FLOW_OPENED. A flow can be opened only once.
 */
enum err flow_open(const struct flow_policy *policy, struct flow *flow,
		   const struct flow_wishes *wishes, struct flow_opened *opened,
		   struct why *why);

/* Who logs in, as the database was asked. Borrows from both. */
struct logins_who flow_who(const struct flow_policy *policy, const struct flow *flow);

/*
 * Give the flow up: its proofs were right, but it cannot go on. The try is not counted as
 * a guess.
 */
enum err flow_give_back(const struct flow_policy *policy, const struct flow *flow,
			struct why *why);

/* The user was disabled or changed meanwhile: the flow becomes FLOW_REFUSED. */
void flow_overtaken(const struct flow_policy *policy, struct flow *flow);

/* Wipe. A second call is allowed, also after a copy was used further: see `slot`. */
void flow_done(struct flow *flow);
void flow_opened_done(struct flow_opened *opened);

#endif
