/*
 * Clients as the operator registers them (sql/functions/oauth_clients.sql). `actor` goes into
 * the audit table.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

#include "db/db.h"

/* Zero refuses, and nothing is stored. */
enum clients_done {
	CLIENTS_INVALID = 0, /* the database does not take one of the values */
	CLIENTS_TAKEN,       /* add: there is a client with this id */
	CLIENTS_MISSING,     /* there is none */
	CLIENTS_PUBLIC,      /* secret: the client has no secret (method none) */
	CLIENTS_DONE
};

/* A list. Not given: it stays as it is. Given and empty: it becomes empty. */
struct clients_list {
	bool given;
	const struct str *words;
	size_t n;
};

/* What a client is to be. NULL stays as it is; `add` wants all but the audience. */
struct clients_wish {
	struct str id;
	const char *name;
	struct clients_list redirects, logouts, scopes, roles, groups;
	const char *method;
	const char *audience; /* "" removes it */
	const char *consent;
	const bool *pkce;
	const char *alg;
	const bool *id_token_claims;
};

/* `secret`: SHA-256 of its first secret; empty for a client without one. */
enum err clients_add(struct db *db, const struct clients_wish *wish, struct str secret,
		     struct str actor, enum clients_done *done, struct why *why);

/* `*ended`: grants of people who may not use it any more. Verifiers must then be told. */
enum err clients_set(struct db *db, const struct clients_wish *wish, struct str actor,
		     enum clients_done *done, int64_t *ended, struct why *why);

/* One more secret. The newest of the others is good for `keep` seconds more, or shorter. */
enum err clients_secret(struct db *db, struct str id, struct str secret, int64_t keep,
			struct str actor, enum clients_done *done, struct why *why);

/* Ends all that it was given. Verifiers must be told. */
enum err clients_remove(struct db *db, struct str id, struct str actor,
			enum clients_done *done, int64_t *ended, struct why *why);

/* Columns of clients_list. Lists of addresses have one in each line, others are words. */
enum clients_column {
	CLIENTS_ID,
	CLIENTS_NAME,
	CLIENTS_REDIRECTS,
	CLIENTS_LOGOUTS,
	CLIENTS_METHOD,
	CLIENTS_SCOPES,
	CLIENTS_AUDIENCE, /* NULL: ours */
	CLIENTS_ROLES,
	CLIENTS_GROUPS,
	CLIENTS_CONSENT,
	CLIENTS_PKCE,
	CLIENTS_ALG,
	CLIENTS_ID_TOKEN_CLAIMS,
	CLIENTS_CREATED_AT,
	CLIENTS_CHANGED_AT,
	CLIENTS_SECRETS,        /* how many are good */
	CLIENTS_SECRET_ENDS_AT, /* of the older one; NULL: there is none */
	CLIENTS_GRANTS,         /* that live, and … */
	CLIENTS_PEOPLE          /* … of how many people */
};

/* All clients, or the one with that id; in the order of their ids. */
enum err clients_list(struct db *db, struct str id, struct db_rows **rows,
		      struct why *why);

#endif
