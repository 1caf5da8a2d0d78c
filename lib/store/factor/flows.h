/*
 * Logins under way in the database (sql/functions/flows.sql): kept after a right password
 * when a factor is wanted, and opened as a session together with the use of the factor.
 * `hash` is always that of a ticket of kind flow.
 */
#ifndef FLOWS_H
#define FLOWS_H

#include "store/factor/factors.h"
#include "store/logins.h"

/* A flow to be kept. */
struct flows_new {
	struct str hash;
	struct logins_who who; /* as given to logins_begin */
	struct str device;     /* the hash of one that is known, or empty */
	struct str new_hash;   /* of the password; empty: keep the old one */
	bool browser, remember;
	bool setup; /* the user has no factor yet, and needs one */
};

/* `*kept` false: the user was disabled or changed since logins_begin. Nothing is stored. */
enum err flows_add(struct db *db, const struct logins_row *row,
		   const struct flows_new *flow, bool *kept, struct why *why);

/* The set-up behind a link of kind factor. `*kept` false: the link holds no more. */
enum err flows_by_link(struct db *db, struct str link, struct str hash,
		       struct str address, bool *kept, struct why *why);

/* Zero refuses. */
enum flows_link {
	FLOWS_LINK_OVER = 0, /* there is no such flow */
	FLOWS_LINK_UNWANTED, /* the user has a factor, or no verified address */
	FLOWS_LINK_TOO_MANY, /* the mailbox has had three in an hour */
	FLOWS_LINK_SENT      /* it is on its way */
};

/* Mail the user of this flow a link to set up a factor. */
enum err flows_link(struct db *db, struct str hash, struct str language,
		    struct str address, enum flows_link *outcome, struct why *why);

struct flows_row {
	bool found; /* false: there is none that holds */
	char user[UUID_SIZE];
	char name[256];
	unsigned ways; /* a set of enum factors_way */
	bool setup;    /* a factor is to be set up first */
	bool linked;   /* it came by a link: it sets up, and opens no session. If `ways`
			* is not 0, a factor has to be proven first (flows_prove) */
	bool proven;   /* that was done, or the flow has set up one itself */
	bool browser, remember;
	int64_t device_version; /* of the user, for the secret of a device */
	bool has_address;       /* a verified one */
	bool has_password;
	struct factors_sealed set_up; /* of the app that is being set up */
};

/* What a flow is about. Changes nothing. */
enum err flows_find(struct db *db, struct str hash, struct flows_row *row,
		    struct why *why);

/* Count the try of a code, before it is looked at. */
enum err flows_try(struct db *db, struct str hash, enum factors_way way,
		   struct str address, struct factors_try *t, struct why *why);

/* A code could not be checked: the try is not counted as a guess. */
enum err flows_unjudged(struct db *db, struct str hash, struct why *why);

/*
 * Who came by a link has proven a factor that is there, and may set up another one. With
 * FACTORS_OVER the flow is over, or did not come by a link.
 */
enum err flows_prove(struct db *db, struct str hash, const struct factors_proof *proof,
		     struct str address, enum factors_used *used, struct why *why);

/* What came of it. */
struct flows_result {
	enum factors_used used;
	int64_t wait; /* of FACTORS_WAIT */

	/* Of FACTORS_USED: */
	struct logins_result opened;
	int64_t recovery_left; /* -1 unless a recovery code was used */
};

/*
 * The proof was right: use it up and open the session. `s`: who.address, agent, refresh,
 * replaces, idle_seconds, life_seconds, sessions_max and news count. `trust`: the hash of
 * a device that needs no factor for `trust_seconds`; empty: none. Unless FACTORS_USED, the
 * flow is as good as before.
 */
enum err flows_open(struct db *db, struct str hash, const struct factors_proof *proof,
		    struct str trust, int64_t trust_seconds,
		    const struct logins_session *s, struct flows_result *result,
		    struct why *why);

/* The columns of flow_open, for passkeys.c. */
#define FLOWS_OPENED                                                                     \
	"outcome, wait, user_id, name, roles, session_id, sid, opened_at, ends_at,"      \
	" remember, auth_time, amr, displaced, language, recovery_left"
enum err flows_opened(const struct db_rows *rows, struct flows_result *r,
		      struct why *why);

#endif
