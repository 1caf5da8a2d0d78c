/*
 * Refresh tokens: tickets (ticket/ticket.h) of 256 random bits. The database keeps only
 * SHA-256 of the text.
 */
#ifndef REFRESH_H
#define REFRESH_H

#include "crypto/hash.h"
#include "store/sessions.h"
#include "ticket/ticket.h"

#define REFRESH_SIZE TICKET_SIZE

/* The hash under which it is stored. False when `token` has not that form. */
bool refresh_hash(struct str token, unsigned char hash[SHA256_SIZE]);

/* A new token. */
enum err refresh_new(char token[REFRESH_SIZE]);

/*
 * The successor of a refresh token of that kind, under `secret` (the session secret). The
 * same token has the same successor. The caller wipes `next`.
 */
enum err refresh_derive(enum ticket_kind kind, struct str secret, struct str token,
			char next[REFRESH_SIZE]);

/* A renewal under way. */
struct refresh {
	enum sessions_refreshed outcome; /* use it only on REFRESH_OK */
	struct session session;          /* of REFRESH_OK */
	char next[REFRESH_SIZE];         /* replaces the token that was brought */
	unsigned char old_hash[SHA256_SIZE], next_hash[SHA256_SIZE];
};

/*
 * First half: what would a renewal of the refresh token `token` give? Nothing has
 * changed when this returns. With REFRESH_OK the access token can be made. The
 * successor is derived from `token` under `secret` (the session secret), so a repeat
 * within `grace` seconds gets the same answer. refresh_done wipes `*r`.
 */
enum err refresh_look(struct db *db, struct str secret, struct str token, int64_t grace,
		      struct refresh *r, struct why *why);

/*
 * Second half: replace the token, with REFRESH_OK. REFRESH_CHANGED: the session has
 * another sid by now; start again. With REFRESH_LOST and REFRESH_REUSE the session
 * ends. `revoked`: as in sessions_end.
 */
enum err refresh_rotate(struct db *db, int64_t grace, struct str address,
			struct str agent, struct refresh *r, struct buf *revoked,
			struct why *why);
void refresh_done(struct refresh *r);

/*
 * Logout by a refresh token. `*known` is false if there is no such token. `*ended` is
 * false if it is unknown, or if the session was already over. `revoked`: as in
 * sessions_end.
 */
enum err refresh_end(struct db *db, struct str token, struct str address,
		     struct buf *revoked, bool *known, bool *ended, struct why *why);

#endif
