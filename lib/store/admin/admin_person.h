/*
 * One person on the admin pages: everything about them (sql/functions/admin_people.sql),
 * and what an admin does to them (admin_actions.sql).
 */
#ifndef ADMIN_PERSON_H
#define ADMIN_PERSON_H

#include "store/admin/admin.h"
#include "store/ways.h"

#define ADMIN_SEEN_SIZE 33 /* of the version of a person, with NUL */

/* What has not been said is empty or 0. */
struct admin_person {
	char id[UUID_SIZE];
	char name[256];
	char display_name[ACCOUNTS_DISPLAY_NAME];
	char language[17];
	char address[ACCOUNTS_ADDRESS];
	int64_t address_verified_at; /* 0: nobody has proved that it is theirs */
	char address_wanted[ACCOUNTS_ADDRESS];
	char roles[1008]; /* words */
	bool disabled;
	bool has_password;
	int64_t created_at;
	int64_t password_at;
	int64_t last_login_at;
	int64_t sessions;           /* how many are open */
	bool throttled;             /* a login from an unknown device has to wait */
	unsigned ways;              /* factors: a set of enum factors_way */
	char seen[ADMIN_SEEN_SIZE]; /* their version, which an action wants back */
	bool may;                   /* the admin may change them */
	bool last; /* the last enabled one with the role doorward-admin */
};

/* By id, or if `id` is empty, by name. `*found` is false if there is none. */
enum err admin_person_find(struct db *db, struct str sid, struct str id, struct str name,
			   struct admin_person *person, bool *found,
			   enum admin_refusal *refusal, struct why *why);

/*
 * Open sessions, last used first, at most 50. Columns: id, opened at, used at, address,
 * user agent, remember, amr (words), factor at.
 */
enum err admin_person_sessions(struct db *db, struct str sid, struct str id,
			       struct db_rows **rows, enum admin_refusal *refusal,
			       struct why *why);

/*
 * Columns: kind (totp, passkey, recovery), name of a passkey, created at, used at,
 * synced, remaining codes.
 */
enum err admin_person_factors(struct db *db, struct str sid, struct str id,
			      struct db_rows **rows, enum admin_refusal *refusal,
			      struct why *why);

/*
 * The tokens for programs that are still good. Columns: id, label, roles (words), prefix,
 * created at, expires at.
 */
enum err admin_person_programs(struct db *db, struct str sid, struct str id,
			       struct db_rows **rows, enum admin_refusal *refusal,
			       struct why *why);

/*
 * The clients that the person has let in. Columns: client_id, name, scopes (words),
 * given_at, used_at (NULL: they hold nothing).
 */
enum err admin_person_apps(struct db *db, struct str sid, struct str id,
			   struct db_rows **rows, enum admin_refusal *refusal,
			   struct why *why);

/*
 * The newest 20 links. Columns: kind, address, created at, ends at, state (good, used,
 * expired, dead).
 */
enum err admin_person_links(struct db *db, struct str sid, struct str id,
			    struct db_rows **rows, enum admin_refusal *refusal,
			    struct why *why);

/* The newest 20 events. Columns: id, at, event, actor, address, detail. */
enum err admin_person_events(struct db *db, struct str sid, struct str id,
			     struct db_rows **rows, enum admin_refusal *refusal,
			     struct why *why);

/* ---- actions ---- */

enum admin_action {
	ADMIN_DISABLE,
	ADMIN_ENABLE,
	ADMIN_END,      /* all sessions */
	ADMIN_UNLOCK,   /* forget the wrong tries */
	ADMIN_FACTOR,   /* take all factors away */
	ADMIN_PROGRAMS, /* end all tokens for programs */
	ADMIN_APPS,     /* end all that clients hold, and what they were allowed */
	ADMIN_ROLES,
	ADMIN_RENAME,
	ADMIN_PROFILE,
	ADMIN_RESET, /* a link for a new password */
	ADMIN_DELETE
};

struct admin_order {
	enum admin_action action;
	struct str sid;          /* of the admin's session */
	struct str user;         /* the person's id */
	struct str seen;         /* their version on the page */
	struct str address;      /* of the admin, for the audit */
	const struct str *roles; /* ADMIN_ROLES: all that they have afterwards */
	size_t n_roles;
	struct str name;         /* ADMIN_RENAME */
	struct str display_name; /* ADMIN_PROFILE: empty removes it */
	struct str mail;         /* ADMIN_PROFILE: empty removes it */
	bool keep_mail;          /* ADMIN_PROFILE: leave the address as it is */
	struct str hash;         /* ADMIN_RESET: of a ticket of kind reset-shown */
	bool blank;              /* ADMIN_DELETE: the audit forgets their name */
};

/* Zero: nothing was done, as with most others. */
enum admin_outcome {
	ADMIN_GONE = 0, /* there is no such person */
	ADMIN_CHANGED,  /* they are not as `seen` any more */
	ADMIN_RIGHTS,  /* the admin may not give one of their roles, or of the new ones */
	ADMIN_LAST,    /* nobody else who is enabled has the role doorward-admin */
	ADMIN_INVALID, /* a role, the name or the display name has not the form */
	ADMIN_ADDRESS, /* the address has not the form */
	ADMIN_NAMED,   /* the name is the present address, which would not be theirs */
	ADMIN_ADDRESS_TAKEN, /* somebody else has verified it */
	ADMIN_TAKEN,         /* the name is somebody else's */
	ADMIN_GIVEN_UP,      /* it was, and is kept for some time */
	ADMIN_NOT_OWN,       /* it has an @ and is not their verified address */
	ADMIN_FACTOR_ONLY,   /* ADMIN_RESET: no verified address, but a factor */
	ADMIN_DISABLED,      /* ADMIN_RESET: of somebody who is disabled */
	ADMIN_NONE, /* ADMIN_FACTOR, ADMIN_PROGRAMS, ADMIN_APPS: there was none */
	ADMIN_OK,
	ADMIN_SENT, /* ADMIN_RESET: a link was mailed to the verified address */
	ADMIN_SHOWN /* ADMIN_RESET: the ticket of `hash` is good now */
};

struct admin_done {
	enum admin_outcome outcome;
	char name[256]; /* the person's name afterwards; empty with ADMIN_GONE */
	int64_t ended;  /* sessions that ended, or have to renew */
};

/*
 * Do it, in one transaction. After ADMIN_OK of an action that ends sessions or changes
 * roles or the name, the verifiers must be told (people/session_end.h).
 */
enum err admin_do(struct db *db, const struct admin_order *order, struct admin_done *done,
		  enum admin_refusal *refusal, struct why *why);

#endif
