/*
 * The guard decides whether an access token is good here, and who its bearer is. It
 * knows keys and issuers. It knows neither HTTP nor the database.
 *
 * Our own tokens and those of other issuers go the same way: the token's (unproven)
 * iss chooses an issuer, and only that issuer's keys and policy can prove the token. A
 * user of another issuer is called NAME:sub, with the name that the settings give the
 * issuer, and has only the roles that the settings map.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwt/jwt.h"
#include "jose/keyset/keyset.h"
#include "revocation/revocations.h"
#include "token/identity.h"
#include "token/token_cache.h"

#define GUARD_ISSUERS_MAX 17 /* ours and 16 others */

struct guard_issuer {
	const char *name; /* NULL: it is us */
	struct jwt_policy policy;
	const char *keys;            /* path of its key set */
	const struct alg *unnamed;   /* for keys that name no alg; NULL: such keys are
				    * ignored */
	const char *roles_claim;     /* NULL: no roles; may be a path like
				    * realm_access.roles */
	const char *const *role_map; /* theirs:ours, each */
	size_t n_role_map;

	struct keyset_watch watch; /* the guard's own members: */
	bool watched;
};

struct guard {
	struct guard_issuer issuers[GUARD_ISSUERS_MAX]; /* the first one is us */
	size_t n;
	const char *decryption_keys; /* NULL: encrypted tokens are refused */
	const char *revocation_file; /* NULL: a token is good until it expires */
	int64_t revocation_max_age;
	size_t cache_entries; /* 0: every token is verified every time */

	/* the guard's own: */
	struct keyset_watch decryption;
	bool decrypts;
	struct revocations revocations;
	struct token_cache *cache;
	struct verified *verified;       /* header of the last verified token */
	unsigned long cached_generation; /* of all key sets together */
};

/*
 * Start from a guard whose first members are filled in and whose own members are zero.
 * Its strings are borrowed. Our own keys must load. Keys of other issuers may be
 * missing: their tokens are refused until the keys are there (this is logged). Call
 * guard_close after any return.
 */
enum err guard_open(struct guard *g, struct why *why);
void guard_close(struct guard *g);

/*
 * VERDICT_ALLOW only for a token that is good at `now`. `who` then describes its
 * bearer, until the next call. Otherwise `who` is empty. `refusal` always gives the
 * reason. JWT_FAILED means that the check could not be done. A token that is good only
 * below some path of the site is refused with JWT_AUDIENCE. A client's token whose
 * audience is the provider (IDENTITY_CLIENT_AUDIENCE) is accepted, as one of its kind.
 */
enum verdict guard_check(struct guard *g, struct str token, int64_t now,
			 struct identity *who, enum jwt_refusal *refusal);

/*
 * The same for a request with the target `uri` (of the policy's `site`): a program's
 * token that is good only below some path is accepted there.
 */
enum verdict guard_check_at(struct guard *g, struct str token, struct str uri,
			    int64_t now, struct identity *who, enum jwt_refusal *refusal);

#endif
