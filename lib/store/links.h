/*
 * One-time links (sql/functions/links.sql). Of a link the database knows its id, or of
 * kind setup SHA-256 of its ticket: whoever has read the database can open none. Callers
 * make and check the ticket (ticket/ticket.h), whose fields are the id.
 */
#ifndef LINKS_H
#define LINKS_H

#include "db/db.h"
#include "store/sessions.h"
#include "ticket/ticket.h"

#define LINKS_DATA 4097 /* bytes of a link's data as text, with NUL */

/* Which link: `id`, or for kind setup `hash`. The other is empty. */
struct links_key {
	enum ticket_kind kind;
	struct str id;
	struct str hash;
};

struct links_new {
	enum ticket_kind kind;
	struct str hash;     /* of kind setup, else empty */
	struct str user;     /* whose; empty for setup and invite */
	struct str data;     /* a JSON object: see the function link_make */
	int64_t uses;        /* more than 1 for an invite without an address only */
	int64_t life;        /* seconds; 0: that of the kind */
	struct str template; /* of the mail that carries it; empty: none is sent */
	struct str language; /* of that mail */
	struct str actor;    /* for the audit */
};

/*
 * Make a link and its mail in one transaction. `*made` false, and nothing stored: it could
 * never be used (no such user, disabled, a reset without a password, a setup where there
 * are users) or its mail has nowhere to go.
 */
enum err links_make(struct db *db, const struct links_new *link, char id[UUID_SIZE],
		    bool *made, struct why *why);

struct link {
	char user[UUID_SIZE]; /* empty: not of a user */
	char name[256];
	char data[LINKS_DATA];
	int64_t ends_at;
	int64_t uses_left;
};

/* What a link is about. `*found` false: it holds no more. Changes nothing. */
enum err links_peek(struct db *db, const struct links_key *key, struct link *link,
		    bool *found, struct why *why);

enum links_used {
	LINKS_GONE,       /* it holds no more */
	LINKS_INCOMPLETE, /* name or hash are wanted */
	LINKS_TAKEN,      /* the name or the address is another's, or was given up */
	LINKS_OK
};

/*
 * Use it up with its effect, in one transaction: a new user `name` with the password whose
 * hash is `hash` (setup, invite), a new password (reset), an address. With all but
 * LINKS_OK nothing was stored and the link is as good as before; so with ERR_SYNTAX, when
 * the name is none. `user` is whom it was about. After a reset and an undo-address sessions
 * have ended: publish the revocations.
 */
enum err links_use(struct db *db, const struct links_key *key, struct str name,
		   struct str hash, struct str address, enum links_used *outcome,
		   char user[UUID_SIZE], struct why *why);

#endif
