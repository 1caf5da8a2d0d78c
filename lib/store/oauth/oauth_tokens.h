/*
 * What clients of the OpenID provider get, renew, ask and give back
 * (sql/functions/oauth_codes.sql, oauth_refresh.sql). Each call is one statement, which
 * also checks who the client is.
 */
#ifndef OAUTH_TOKENS_H
#define OAUTH_TOKENS_H

#include "db/db.h"

/* How a client proves who it is. All borrowed. */
struct oauth_proof {
	struct str client;
	struct str method; /* as it is stored: client_secret_basic, … */
	struct str secret; /* SHA-256 of what it showed; empty: nothing */
	struct str origin; /* of the script that asks; empty: none */
};

/* Zero refuses. */
enum oauth_outcome {
	OAUTH_INVALID = 0, /* the code or the refresh token is not good */
	OAUTH_CLIENT,      /* no client of ours, or it has not proven that it is one */
	OAUTH_UNKNOWN,     /* no refresh token of the client's */
	OAUTH_ENDED,       /* its grant has ended */
	OAUTH_LOST,        /* the last answer was lost: the grant has ended now */
	OAUTH_REUSE,       /* a code or a refresh token is a copy: likewise */
	OAUTH_CHANGED,     /* the grant has another sid: look again */
	OAUTH_OK
};

/* What tokens and userinfo say. The texts are borrowed; lists are words. */
struct oauth_grant {
	struct str user_id, name, display_name, groups, address, language, scopes;
	bool address_verified;
	/* not of userinfo */
	struct str sid;    /* of access tokens */
	struct str id_sid; /* of ID tokens */
	struct str nonce, amr, audience, alg;
	int64_t auth_time, ends_at;
	bool id_token_claims;
};

/* The answer of a call. oauth_answer_done frees it. */
struct oauth_answer {
	enum oauth_outcome outcome;
	bool origin; /* the proof's origin is that of one of the client's redirect URIs */
	struct str revoked;       /* sids that the verifiers must be told of, as words */
	struct oauth_grant grant; /* of OAUTH_OK; otherwise empty */
	struct db_rows *rows;     /* from which all texts borrow */
};

void oauth_answer_done(struct oauth_answer *answer);

/* A code that the client shows. Hashes are SHA-256 of texts. */
struct oauth_code {
	struct str hash;
	struct str redirect;  /* empty: none came */
	struct str challenge; /* of the verifier; empty: none came */
	struct str refresh;   /* the hash of the refresh token of the answer */
	int64_t offline_life; /* seconds in which a grant without a session is used */
	struct str address;
};

/*
 * Use a code up. OAUTH_INVALID: it is another client's, is too old, was made for another
 * redirect URI or another verifier, or its grant has ended. OAUTH_REUSE: its grant has
 * ended now, and the verifiers must be told.
 */
enum err oauth_code_use(struct db *db, const struct oauth_proof *proof,
			const struct oauth_code *code, struct oauth_answer *answer,
			struct why *why);

/* A renewal: as struct sessions_renewal. */
struct oauth_renewal {
	struct str old, next; /* hashes */
	int64_t grace;        /* seconds in which a repeat gets the same successor */
	int64_t offline_life;
	struct str address;
};

/* The result that the renewal would have. Changes nothing. */
enum err oauth_refresh_look(struct db *db, const struct oauth_proof *proof,
			    const struct oauth_renewal *renewal,
			    struct oauth_answer *answer, struct why *why);

/* Replace the refresh token. `sid` is the one in the access token. */
enum err oauth_refresh(struct db *db, const struct oauth_proof *proof,
		       const struct oauth_renewal *renewal, struct str sid,
		       struct oauth_answer *answer, struct why *why);

/*
 * What the bearer of a verified access token may hear. OAUTH_ENDED: the grant has ended,
 * or its access tokens have.
 */
enum err oauth_userinfo(struct db *db, struct str sid, struct str user, struct str client,
			struct str origin, struct oauth_answer *answer, struct why *why);

/*
 * The client gives a token back: a refresh token by its hash, or a verified access token
 * by its sid. The other one is empty. OAUTH_OK also if it was nothing of the client's.
 */
enum err oauth_revoke(struct db *db, const struct oauth_proof *proof, struct str hash,
		      struct str sid, struct str address, struct oauth_answer *answer,
		      struct why *why);

/*
 * Which key signs the client's ID tokens: RS256 or site. Empty if there is no such client.
 */
enum err oauth_client_alg(struct db *db, struct str client, struct buf *alg,
			  struct why *why);

/* Is it the origin of a redirect URI of any client? */
enum err oauth_origin_known(struct db *db, struct str origin, bool *known,
			    struct why *why);

#endif
