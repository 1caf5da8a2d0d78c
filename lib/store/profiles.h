/*
 * What people say about themselves, what they take with them, and how they leave
 * (sql/functions/profiles.sql). `user` and `sid` are those of a verified access token.
 */
#ifndef PROFILES_H
#define PROFILES_H

#include "db/db.h"

struct profiles_who {
	struct str user, sid;
	struct str address; /* of the client */
};

/* Empty: none. `*done` false: the session is over. ERR_SYNTAX: one of the two cannot be. */
enum err profiles_set(struct db *db, const struct profiles_who *who,
		      struct str display_name, struct str language, bool *done,
		      struct why *why);

/* Zero: the session is over. */
enum profiles_asked {
	PROFILES_GONE = 0,
	PROFILES_WAIT, /* asked too often */
	PROFILES_SAME, /* it is their verified address already */
	PROFILES_SENT  /* a mail is on its way, to whomever the address belongs */
};

/* Ask for another address of mail. `*wait`: seconds, of PROFILES_WAIT. */
enum err profiles_address(struct db *db, const struct profiles_who *who, struct str mail,
			  enum profiles_asked *asked, int64_t *wait, struct why *why);

/* Append all that is held about the user, as JSON. `*done` false: the session is over. */
enum err profiles_data(struct db *db, const struct profiles_who *who, struct buf *json,
		       bool *done, struct why *why);

/* With all but the last nothing was deleted. */
enum profiles_deleted {
	PROFILES_DELETED_GONE = 0, /* the session is over */
	PROFILES_DELETED_LAST, /* nobody else who is enabled has the role doorward-admin */
	PROFILES_DELETED_OK    /* session_end must follow */
};

/* Delete the user; with `tell` a mail says so to their verified address. */
enum err profiles_delete(struct db *db, const struct profiles_who *who, bool tell,
			 enum profiles_deleted *outcome, struct why *why);

#endif
