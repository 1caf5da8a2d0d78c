/*
 * Factors in the database (sql/functions/factors.sql): how one is used, set up and
 * removed. A factor is used by a login under way (flows.h), by a login with a passkey
 * alone (passkeys.h), or by an open session that proves one more (factors_step_*).
 */
#ifndef FACTORS_H
#define FACTORS_H

#include "db/db.h"
#include "store/sessions.h"
#include "store/ways.h"

#define FACTORS_KEY_ID 33  /* size of the id of a key, with NUL */
#define FACTORS_SEALED 256 /* bytes of a sealed secret, at most */
#define FACTORS_NAME 401   /* size of a passkey's name, with NUL */
#define FACTORS_NONCE 16   /* bytes of a challenge that are remembered once it is used */
#define FACTORS_CODES 10   /* recovery codes that are made at a time */

/* A secret of one-time codes, sealed under a key of factor_keys. */
struct factors_sealed {
	char key_id[FACTORS_KEY_ID]; /* empty: there is none */
	unsigned char bytes[FACTORS_SEALED];
	size_t n;
};

/* What a code is checked against. */
struct factors_try {
	bool found;   /* false: the login or the session is over */
	int64_t wait; /* seconds; above 0: do not look at the code */
	char user[UUID_SIZE];
	char name[256];
	struct factors_sealed totp; /* of FACTORS_TOTP */
	int64_t last_step;          /* the step of the last code that was accepted */
};

/* A proof that the caller has checked. Borrowed. */
struct factors_proof {
	enum factors_way way; /* 0: the login has set a factor up itself (flows_open) */
	int64_t step;         /* of FACTORS_TOTP */
	struct str code;      /* of FACTORS_RECOVERY: its hash */
	/* of FACTORS_PASSKEY: */
	struct str passkey; /* the id of its row */
	int64_t counter;
	bool backed_up, verified; /* verified: the device has verified the person */
	struct str nonce;         /* of the challenge: FACTORS_NONCE bytes */
	/* of FACTORS_TOTP: its secret, sealed under a newer key; NULL: leave it */
	const struct factors_sealed *reseal;
	bool tell; /* the site sends mail: the owner is told when a recovery code is used */
};

/* Zero refuses. */
enum factors_used {
	FACTORS_OVER = 0, /* the login, the session or the factor is gone */
	FACTORS_WRONG,
	FACTORS_REPLAYED, /* the code or the challenge was used before */
	FACTORS_COUNTER,  /* the passkey's counter did not grow: it may be a copy */
	FACTORS_WAIT,     /* too many logins: `wait` */
	FACTORS_USED
};

/* ---- an open session proves one more factor ---- */

/* Who is signed in: `user` and `sid` are those of a verified access token. */
struct factors_who {
	struct str user, sid;
	struct str address; /* of the client */
	/* a device whose secret was verified, or empty */
	struct str device; /* its hash */
	int64_t device_version;
};

/* How a session was proven, and by what it could prove more. */
struct factors_session {
	bool found;
	char user[UUID_SIZE];
	char name[256];
	bool has_password;
	unsigned ways;     /* a set of enum factors_way */
	int64_t auth_time; /* of the login */
	int64_t factor_at; /* when a factor was proven last; 0: never */
	char amr[64];
	bool has_address;             /* a verified one */
	struct factors_sealed set_up; /* of the app that is being set up */
};

enum err factors_step_find(struct db *db, const struct factors_who *who,
			   struct factors_session *s, struct why *why);

/* Count the try of a code, before it is looked at. */
enum err factors_step_try(struct db *db, const struct factors_who *who,
			  enum factors_way way, struct factors_try *t, struct why *why);

/*
 * The proof was right: the session has proven it, too. With FACTORS_USED `session` is
 * filled in. It has another sid, and the verifiers must be told of the old one.
 * `recovery_left` is -1 unless a recovery code was used.
 */
enum err factors_step_up(struct db *db, const struct factors_who *who,
			 const struct factors_proof *proof, enum factors_used *used,
			 struct session *session, int64_t *recovery_left,
			 struct why *why);

/*
 * The proof was refused: a row for the audit, with a word that says why. The try of a code
 * stays counted.
 */
enum err factors_failed(struct db *db, struct str user, enum factors_way way,
			const char *reason, struct str address, struct why *why);

/* A code could not be checked: the try is not counted as a guess. */
enum err factors_unjudged(struct db *db, struct str user, struct str device,
			  struct why *why);

/* ---- set-up ---- */

/*
 * Who sets up: the login under way `flow` (the hash of its ticket), or if that is empty
 * the session of `who`.
 */
struct factors_by {
	struct str flow;
	struct factors_who who;
	int64_t fresh; /* seconds since the login, and since the last proof of a factor if
			* the user has one */
	bool mail; /* the site sends mail: the owner is told, and a link can be asked for */
};

/* Zero refuses, and nothing is stored. */
enum factors_set {
	FACTORS_SET_OVER = 0, /* the login or the session is over */
	FACTORS_SET_STALE,    /* the login or the last proof of a factor is too old */
	FACTORS_SET_LINK,     /* a link to the verified address is needed first */
	FACTORS_SET_NONE,  /* no app is being set up, or another; no factor to recover */
	FACTORS_SET_KNOWN, /* this passkey is somebody's already */
	FACTORS_SET_FULL,  /* there are 20 passkeys */
	FACTORS_SET_REPLAYED, /* the challenge was used before */
	FACTORS_SET_NAME,     /* not a name */
	FACTORS_SET_UNKNOWN,  /* there is no such factor of this user */
	FACTORS_SET_LAST,     /* nobody could get into the account without it */
	FACTORS_SET_REQUIRED, /* a factor is required of this user, and it is the only one */
	FACTORS_SET_OK
};

/* Keep the secret of an app until its first code confirms it. It replaces another one. */
enum err factors_totp_begin(struct db *db, const struct factors_by *by,
			    const struct factors_sealed *secret, enum factors_set *set,
			    struct why *why);

/*
 * The first code, of `step`, was right. `codes` are the hashes of FACTORS_CODES new
 * recovery codes, which are stored if the user has none: `*codes_stored`. After
 * FACTORS_SET_OK a session has another sid, and the verifiers must be told.
 */
enum err factors_totp_confirm(struct db *db, const struct factors_by *by,
			      const struct factors_sealed *secret, int64_t step,
			      const struct str codes[FACTORS_CODES],
			      enum factors_set *set, bool *codes_stored, struct why *why);

/* New recovery codes, in place of the old ones. */
enum err factors_recovery_renew(struct db *db, const struct factors_by *by,
				const struct str codes[FACTORS_CODES],
				enum factors_set *set, struct why *why);

/* ---- one's own factors ---- */

/*
 * The factors of a user: kind ("totp", "passkey", "recovery"), id, name, created_at,
 * used_at, synced, rp_id, key_id, remaining (codes). Members without a meaning are NULL.
 */
enum err factors_list(struct db *db, struct str user, struct db_rows **rows,
		      struct why *why);

enum err factors_rename(struct db *db, const struct factors_by *by, struct str id,
			struct str name, enum factors_set *set, struct why *why);

/*
 * Remove the app (`id` empty) or a passkey. `need` lists the roles of which a factor is
 * required, or has the word all.
 */
enum err factors_remove(struct db *db, const struct factors_by *by, enum factors_way way,
			struct str id, const struct str *need, size_t n_need,
			enum factors_set *set, struct why *why);

/* ---- the operator ---- */

/* As factors_list, by the user's name. No rows: no such user, or no factor. */
enum err factors_list_any(struct db *db, struct str name, struct db_rows **rows,
			  struct why *why);

/*
 * Take all factors away; sessions, logins under way and remembered browsers end with
 * them. `tell`: mail a notice. `*ended`: sessions; -1: no such user. Publish the
 * revocations.
 */
enum err factors_reset(struct db *db, struct str name, bool tell, struct str actor,
		       int64_t *ended, struct why *why);

/* kind, of (the key id, or the id of the relying party), rows. */
enum err factors_count(struct db *db, struct db_rows **rows, struct why *why);

#endif
