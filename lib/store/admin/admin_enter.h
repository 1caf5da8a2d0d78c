/* How people come in by an admin (sql/functions/admin_enter.sql). */
#ifndef ADMIN_ENTER_H
#define ADMIN_ENTER_H

#include "store/admin/admin.h"

/* What came of it. With all but the last two nothing was stored. */
enum admin_entered {
	ADMIN_ENTERED_TAKEN = 0, /* the name is another's */
	ADMIN_ENTERED_GIVEN_UP,  /* it was another's until a short time ago */
	ADMIN_ENTERED_NOT_OWN,   /* a name with an @ that is not their verified address */
	ADMIN_ENTERED_ADDRESS_TAKEN, /* another account has verified it */
	ADMIN_ENTERED_RIGHTS, /* one of the roles is not within the admin's rights */
	ADMIN_ENTERED_NAME,   /* this and the next three: not a valid one */
	ADMIN_ENTERED_ADDRESS,
	ADMIN_ENTERED_DISPLAY_NAME,
	ADMIN_ENTERED_ROLES,
	ADMIN_ENTERED_OK, /* and nothing was mailed */
	ADMIN_ENTERED_MAILED
};

struct admin_new {
	struct str name;
	struct str mail;         /* empty: none */
	struct str display_name; /* empty: none */
	const struct str *roles;
	size_t n_roles;
	bool by_mail;       /* this site sends mail */
	struct str hash;    /* of the ticket that is shown if nothing is mailed */
	struct str address; /* the admin's */
};

/*
 * Add somebody without a password. With an address, and if the site sends mail, a link
 * to choose one is mailed. Otherwise the ticket whose SHA-256 is `hash` is that link.
 */
enum err admin_add(struct db *db, struct str sid, const struct admin_new *person,
		   enum admin_entered *outcome, enum admin_refusal *refusal,
		   struct why *why);

/* Mail an invitation to person->mail; only it, the roles and the address are looked at. */
enum err admin_invite(struct db *db, struct str sid, const struct admin_new *person,
		      enum admin_entered *outcome, enum admin_refusal *refusal,
		      struct why *why);

/* Columns of admin_invitations. If is_open is false, only the first two are set. */
enum {
	ADMIN_INVITATION_ID,
	ADMIN_INVITATION_MADE, /* microseconds */
	ADMIN_INVITATION_OPEN,
	ADMIN_INVITATION_ADDRESS,
	ADMIN_INVITATION_ROLES,
	ADMIN_INVITATION_USES,
	ADMIN_INVITATION_CREATED,
	ADMIN_INVITATION_ENDS,
	ADMIN_INVITATION_STATE, /* "good" or "expired" */
	ADMIN_INVITATION_MAY
};

/*
 * Invitations, newest first, from the one after the key (`made`, `id`) on; an empty
 * `id`: from the newest on. Among them are rows that are not open.
 */
enum err admin_invitations(struct db *db, struct str sid, int64_t made, struct str id,
			   int64_t limit, struct db_rows **rows,
			   enum admin_refusal *refusal, struct why *why);

enum admin_invitation {
	ADMIN_INVITATION_MISSING = 0, /* there is no such open invitation */
	ADMIN_INVITATION_RIGHTS,      /* its roles are not within the admin's rights */
	ADMIN_INVITATION_NOWHERE,     /* it has no address, so it cannot be mailed */
	ADMIN_INVITATION_DONE
};

/* Mail it again; its life starts anew. `address` is the admin's. */
enum err admin_invitation_resend(struct db *db, struct str sid, struct str id,
				 struct str address, enum admin_invitation *outcome,
				 enum admin_refusal *refusal, struct why *why);

/* Nobody can use it any more. */
enum err admin_invitation_withdraw(struct db *db, struct str sid, struct str id,
				   struct str address, enum admin_invitation *outcome,
				   enum admin_refusal *refusal, struct why *why);

#endif
