/*
 * One-time links (sql/functions/links.sql). The database knows only the id of a link,
 * or for the kind setup the SHA-256 of its ticket. So somebody who has read the
 * database cannot open one. Callers make and check the ticket (ticket/ticket.h); its
 * fields are the id.
 */
#ifndef LINKS_H
#define LINKS_H

#include "db/db.h"
#include "store/sessions.h"
#include "ticket/ticket.h"

#define LINKS_ADDRESS_SIZE 255 /* of an address, with NUL (RFC 5321, 4.5.3.1.3) */

/* Which link: `id`, or for a kind that is stored as a hash, `hash`. The other is empty. */
struct links_key {
	enum ticket_kind kind;
	struct str id;
	struct str hash;
};

struct links_new {
	enum ticket_kind kind;
	struct str hash;     /* of a kind that is stored as a hash, else empty */
	struct str user;     /* whose; empty for setup and invite */
	struct str data;     /* a JSON object: see the function link_make */
	int64_t uses;        /* more than 1 for an invite without an address only */
	int64_t life;        /* seconds; 0: that of the kind */
	struct str template; /* of the mail that carries it; empty: none is sent */
	struct str language; /* of that mail */
	struct str actor;    /* for the audit */
};

/*
 * Make a link and its mail in one transaction. `*made` is false, and nothing is
 * stored, if it could never be used (no such user, a disabled one, a reset without a
 * password, a setup when there are users) or if its mail has no recipient.
 */
enum err links_make(struct db *db, const struct links_new *link, char id[UUID_SIZE],
		    bool *made, struct why *why);

/* Does it hold? Zero does not. */
enum link_state {
	LINK_UNKNOWN = 0, /* no such link, or it went with what it was about */
	LINK_GOOD,
	LINK_USED, /* as often as it may be */
	LINK_EXPIRED,
	LINK_DEAD /* the password has changed since */
};

struct link {
	enum link_state state;
	char user[UUID_SIZE];             /* empty: not of a user */
	char name[256];                   /* of the user */
	char address[LINKS_ADDRESS_SIZE]; /* that it is about; empty: none */
	bool self; /* asked for by whoever opens it: not every name may be chosen */
	int64_t ends_at;
	int64_t uses_left;
};

/*
 * Make a link of kind setup for the first admin, from the hash of its ticket. Earlier
 * ones become invalid. `*made` is false, and nothing is stored, if there is any user.
 */
enum err links_setup(struct db *db, struct str hash, struct str actor, bool *made,
		     struct why *why);

/* What a link is about, and whether it is still good. Changes nothing. */
enum err links_peek(struct db *db, const struct links_key *key, struct link *link,
		    struct why *why);

enum links_used {
	LINKS_GONE = 0,   /* it is no longer good */
	LINKS_INCOMPLETE, /* a name or a hash is needed */
	LINKS_NAME,       /* people may not choose this name, or it has an @ */
	LINKS_TAKEN,      /* the name is taken, was given up or is reserved */
	LINKS_ADDRESS,    /* the address belongs to somebody else */
	LINKS_MAIL,       /* no mail can be sent to `mail` */
	LINKS_OK
};

/* What is given with a link. Empty: nothing, or it is not needed. */
struct links_given {
	struct str name;    /* of a new user */
	struct str hash;    /* of the new password */
	struct str mail;    /* the address of the first admin, which is not verified */
	struct str address; /* where the request came from */
};

/*
 * Use the link with its effect, in one transaction: a new user with a name and a
 * password (setup, invite), a new password (reset), or an address. With any result but
 * LINKS_OK nothing was stored and the link is as good as before; also with ERR_SYNTAX,
 * if the name is not valid. `user` is the user it was about. After a reset and an
 * undo-address sessions have ended: publish the revocations.
 */
enum err links_use(struct db *db, const struct links_key *key,
		   const struct links_given *given, enum links_used *outcome,
		   char user[UUID_SIZE], struct why *why);

/* ---- invitations, for the operator ---- */

/*
 * Those of operators, newest first: id, address, roles as words, uses_left, created_at,
 * ends_at, state ("good", "used", "expired").
 */
enum err links_list(struct db *db, struct db_rows **rows, struct why *why);

enum links_resent {
	LINKS_RESENT_MISSING = 0, /* no such invitation */
	LINKS_RESENT_USED,        /* it is used up */
	LINKS_RESENT_NOWHERE,     /* it has no address */
	LINKS_RESENT_OK
};

/* Mail one again; its life starts anew. With all but LINKS_RESENT_OK nothing was done. */
enum err links_resend(struct db *db, struct str id, struct str language, struct str actor,
		      enum links_resent *outcome, struct why *why);

/* `*done` false: there is none that could still be used. */
enum err links_withdraw(struct db *db, struct str id, struct str actor, bool *done,
			struct why *why);

/*
 * Use an invitation `id` for an account without a password. With LINKS_OK, `factor` is
 * the id of a link of kind factor, by which the new user makes a passkey.
 */
enum err links_use_alone(struct db *db, struct str id, struct str name,
			 struct str address, enum links_used *outcome,
			 char user[UUID_SIZE], char factor[UUID_SIZE], struct why *why);

#endif
