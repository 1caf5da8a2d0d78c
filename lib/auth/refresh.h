/*
 * Refresh tokens: 256 random bits as text with a prefix. The database keeps only
 * SHA-256 of the text.
 */
#ifndef REFRESH_H
#define REFRESH_H

#include "crypto/hash.h"
#include "store/sessions.h"

#define REFRESH_SIZE 48 /* "dwr_", 43 characters of base64url, NUL */

/* The hash under which it is stored. False when `token` has not that form. */
bool refresh_hash(struct str token, unsigned char hash[SHA256_SIZE]);

/* A new token. */
enum err refresh_new(char token[REFRESH_SIZE]);

struct refresh {
	enum sessions_refreshed outcome; /* act on REFRESH_OK only */
	struct session session;
	char next[REFRESH_SIZE]; /* replaces the token that was brought */
};

/*
 * Renew the session of refresh token `token`. The successor is derived from it
 * under `secret` (the session secret), so that a repeat within 10 seconds gets
 * the same answer; a later repeat ends the session. refresh_done wipes it.
 */
enum err refresh_renew(struct db *db, struct str secret, struct str token,
		       int64_t token_seconds, struct str address, struct str agent,
		       struct refresh *r, struct why *why);
void refresh_done(struct refresh *r);

/* Logout by a refresh token. `*ended` false: unknown, or over already. */
enum err refresh_end(struct db *db, struct str token, struct str address, bool *ended,
		     struct why *why);

#endif
