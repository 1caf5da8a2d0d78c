/*
 * Sessions and their refresh tokens in the database (sql/005_sessions.sql).
 */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "store/db.h"

#define UUID_SIZE 37           /* with NUL */
#define SESSIONS_AGENT_MAX 256 /* bytes that are kept of a User-Agent */

/* An open session and its user, as tokens need them. */
struct session {
	char user_id[UUID_SIZE];
	char name[256];
	char roles[1008]; /* words separated by one space */
	char id[UUID_SIZE];
	char sid[UUID_SIZE];
	int64_t opened_at; /* auth_time */
	int64_t ends_at;
	bool remember;
};

/* Zero refuses. */
enum sessions_refreshed {
	REFRESH_UNKNOWN = 0, /* no such token */
	REFRESH_ENDED,       /* its session is over */
	REFRESH_REUSE,       /* it was used before: its session has ended now */
	REFRESH_OK
};

/* Replace the token with hash `old` by the one with hash `next`. */
enum err sessions_refresh(struct db *db, struct str old, struct str next,
			  int64_t token_seconds, struct str address, struct str agent,
			  struct session *s, enum sessions_refreshed *outcome,
			  struct why *why);

/* Logout by the sid of a verified token. `*ended` is false when it was over. */
enum err sessions_end(struct db *db, struct str sid, struct str address, bool *ended,
		      struct why *why);

/* Logout by the hash of a refresh token, current or used. */
enum err sessions_end_by_refresh(struct db *db, struct str hash, struct str address,
				 bool *ended, struct why *why);

/* Rows of sid (text) and until (seconds): what verifiers must not believe. */
enum err sessions_revoked(struct db *db, struct db_rows **rows, struct why *why);

#endif
