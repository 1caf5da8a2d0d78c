/*
 * Sessions and their refresh tokens in the database (sql/005_sessions.sql,
 * sql/functions/sessions.sql, refresh.sql, revocations.sql).
 */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "db/db.h"

#define UUID_SIZE 37           /* with NUL */
#define SESSIONS_AGENT_MAX 256 /* bytes that are kept of a User-Agent */

/* An open session and its user, as tokens need them. */
struct session {
	char user_id[UUID_SIZE];
	char name[256];
	char roles[1008]; /* words separated by one space */
	char id[UUID_SIZE];
	char sid[UUID_SIZE];
	int64_t opened_at;
	int64_t ends_at;
	bool remember;
	int64_t auth_time; /* when and how the user last proved who they are … */
	char amr[64];      /* … as words of RFC 8176, separated by one space */
};

/* Zero refuses. See session_refresh in sql/functions/refresh.sql. */
enum sessions_refreshed {
	REFRESH_UNKNOWN = 0, /* no such token */
	REFRESH_ENDED,       /* its session is over */
	REFRESH_LOST,        /* the last answer was lost: its session has ended now */
	REFRESH_REUSE,       /* it is a copy: its session has ended now */
	REFRESH_CHANGED,     /* the session has another sid: look again */
	REFRESH_OK
};

/* A renewal: the hash of the token that was brought, and that of its successor. */
struct sessions_renewal {
	struct str old, next;
	int64_t grace; /* seconds in which a repeat gets the same successor */
	struct str address, agent;
};

/*
 * The result that the renewal would have. Changes nothing. With REFRESH_OK `s`
 * describes the new access token.
 */
enum err sessions_look(struct db *db, const struct sessions_renewal *renewal,
		       struct session *s, enum sessions_refreshed *outcome,
		       struct why *why);

/*
 * Replace the token. `sid` is the one in the access token. `revoked`: see
 * sessions_end.
 */
enum err sessions_refresh(struct db *db, const struct sessions_renewal *renewal,
			  struct str sid, enum sessions_refreshed *outcome,
			  struct buf *revoked, struct why *why);

/*
 * Logout by the sid of a verified token, which `doorward token issue` made if
 * `issued`. This also works if no such session is known. `*ended` is false if it was
 * over.
 *
 * Appends to `revoked`, as words, the sids that the verifiers must be told of before
 * the logout is confirmed (people/session_end.h), also if the session had ended
 * before.
 */
enum err sessions_end(struct db *db, struct str sid, bool issued, struct str address,
		      struct buf *revoked, bool *ended, struct why *why);

/* Logout by the hash of a refresh token, current or used. */
enum err sessions_end_by_refresh(struct db *db, struct str hash, struct str address,
				 struct buf *revoked, bool *known, bool *ended,
				 struct why *why);

/* Rows of sid (text) and until (seconds): what verifiers must not believe. */
enum err sessions_revoked(struct db *db, struct db_rows **rows, struct why *why);

/*
 * Those that were listed or changed since `since` (seconds; 0: all), and when: rows of
 * sid, until and listed.
 */
enum err sessions_revoked_since(struct db *db, int64_t since, struct db_rows **rows,
				struct why *why);

/* The operator revokes a sid. ERR_SYNTAX: it is none that can be revoked. */
enum err sessions_revoke_sid(struct db *db, struct str sid, struct str actor,
			     struct why *why);

#endif
