/*
 * The end of a session. Whatever ended it in the database (session_stop in SQL),
 * session_end does what must follow outside of it. Today that is the revocation file
 * of this host. If others must be told of an end one day, they are told from here.
 */
#ifndef SESSION_END_H
#define SESSION_END_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"

/* The reason. Zero is no reason and refuses. */
enum session_reason {
	SESSION_END_NONE = 0,
	SESSION_END_LOGOUT,
	SESSION_END_DISPLACED, /* by a login: it was replaced, or there were too many */
	SESSION_END_REUSE,     /* a refresh token was used again */
	SESSION_END_LOST,      /* an answer with a refresh token got lost */
	SESSION_END_BEFORE,    /* it was over, and one of its refresh tokens came */
	SESSION_END_USER,      /* the person, on the account page */
	SESSION_END_PASSWORD,  /* the password has changed */
	SESSION_END_ADDRESS,   /* a change of the address was undone */
	SESSION_END_DISABLED,  /* the user */
	SESSION_END_DELETED,   /* the user */
	SESSION_END_OPERATOR,
	SESSION_END_CHANGED, /* the session goes on with another sid: its roles or name
			      * changed */
	SESSION_END_REASONS
};

/* From the settings. All zero: nobody can be told, and ends are not confirmed. */
struct session_hearers {
	struct db *db;
	const char *revocation_file; /* NULL: not set */
	bool revocation_off;         /* the setting: verifiers do not ask */
};

/*
 * Before a step that cannot be repeated (a password that changes, a session that ends
 * itself): can all verifiers be told? Writes the file in any case, so an earlier end
 * that could not be told is told now.
 */
enum err session_end_prepare(const struct session_hearers *hearers, struct why *why);

/*
 * Sessions have ended for `reason`, by this request or by an earlier try of it. `sids`
 * are those that must be known to have ended, as words. NULL: all that the database
 * lists. If the file already contains all of `sids`, nothing is written, so somebody
 * who shows an ended token again and again causes no writing. The file itself is read,
 * because a first try may have ended the session and failed to write the file.
 * Otherwise the whole list is brought up to date.
 *
 * ERR_OK: no verifier of this host accepts their tokens any more. After any other
 * result the sessions have ended as well, but their access tokens are accepted until
 * they expire. The caller must then report that its work is not done (503), and a
 * second try completes it. With SESSION_END_DISPLACED such an error is logged and the
 * result is ERR_OK: nobody asked for these sessions to end, and the next end tells of
 * all.
 */
enum err session_end(const struct session_hearers *hearers, enum session_reason reason,
		     const struct buf *sids, struct why *why);

/*
 * True if the verifiers of this host know that all of `sids` have ended. False if this
 * is not known.
 */
bool session_end_is_told(const struct session_hearers *hearers, struct str sids);

#endif
