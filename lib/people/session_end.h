/*
 * The end of a session. Whatever ended it in the database (session_stop in SQL),
 * session_end does what has to follow outside of it. Today that is the revocation
 * file of this host; whoever else has to hear of an end is told from here.
 */
#ifndef SESSION_END_H
#define SESSION_END_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"

/* Why. Zero is no reason and refuses. */
enum session_reason {
	SESSION_END_NONE = 0,
	SESSION_END_LOGOUT,
	SESSION_END_DISPLACED, /* by a login: replaced, or one of too many */
	SESSION_END_REUSE,     /* a refresh token was used again */
	SESSION_END_LOST,      /* an answer with a refresh token got lost */
	SESSION_END_BEFORE,    /* it was over, and a refresh token of it came */
	SESSION_END_USER,      /* the person, on the account page */
	SESSION_END_PASSWORD,  /* it has changed */
	SESSION_END_ADDRESS,   /* a change of it was undone */
	SESSION_END_DISABLED,  /* the user */
	SESSION_END_DELETED,   /* the user */
	SESSION_END_OPERATOR,
	SESSION_END_CHANGED, /* the session goes on with another sid: roles, name */
	SESSION_END_REASONS
};

/* From the settings. All zero: nobody can be told, and ends are not confirmed. */
struct session_hearers {
	struct db *db;
	const char *revocation_file; /* NULL: not set */
	bool revocation_off;         /* the setting: verifiers do not ask */
};

/*
 * Before a step that cannot be asked for twice (a password that changes, a session
 * that ends itself): can everyone be told? Writes the file in any case, so what an
 * earlier step could not tell is told now.
 */
enum err session_end_prepare(const struct session_hearers *hearers, struct why *why);

/*
 * Sessions have ended for `reason`, by this request or by an earlier try of it.
 * `sids` are those that must be known to be dead, as words; NULL: whatever the
 * database has on its list. Where the file holds all of `sids` already nothing is
 * written, so who shows a dead token again and again has nothing written; it is the
 * file that is looked at, since a first try may have ended the session and not have
 * written it. Otherwise the whole list is brought up to date.
 *
 * ERR_OK: no verifier of this host believes a token of theirs any more. Else the
 * sessions have ended all the same, but their access tokens live until they run out:
 * the caller must say that its work is not done (503), and a second try finishes it.
 * With SESSION_END_DISPLACED such an error is logged and the answer is ERR_OK: nobody
 * asked for these to end, and the next end tells of all.
 */
enum err session_end(const struct session_hearers *hearers, enum session_reason reason,
		     const struct buf *sids, struct why *why);

/* Have the verifiers of this host heard of all of `sids`? False where it is not known. */
bool session_end_is_told(const struct session_hearers *hearers, struct str sids);

#endif
