/*
 * The guard: whose access token is good here, and who that makes them. It
 * knows keys and issuers, and neither HTTP nor the database.
 *
 * Our own tokens and those of other issuers go one way: the token's (unproven)
 * iss chooses an issuer, and only that issuer's keys and policy can then prove
 * it. A user of another issuer is called NAME:sub after the name that the
 * settings give the issuer, and has the roles that the settings map, no other.
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
#include "token/identity.h"
#include "token/revocations.h"
#include "token/token_cache.h"

#define GUARD_ISSUERS_MAX 17 /* ours and 16 others */

struct guard_issuer {
	const char *name; /* NULL: it is us */
	struct jwt_policy policy;
	const char *keys;          /* path of its key set */
	const struct alg *unnamed; /* of keys that name no alg; NULL: none is given one */
	const char *roles_claim;   /* NULL: no roles; may be a path: realm_access.roles */
	const char *const *role_map; /* theirs:ours, each */
	size_t n_role_map;

	struct keyset_watch watch; /* the guard's own */
	bool watched;
};

struct guard {
	struct guard_issuer issuers[GUARD_ISSUERS_MAX]; /* the first one is us */
	size_t n;
	const char *decryption_keys; /* NULL: encrypted tokens are refused */
	const char *revocation_file; /* NULL: a token lives until it runs out */
	int64_t revocation_max_age;
	size_t cache_entries; /* 0: each token is verified each time */

	/* the guard's own: */
	struct keyset_watch decryption;
	bool decrypts;
	struct revocations revocations;
	struct token_cache *cache;
	struct verified *verified;       /* of the last token that was verified */
	unsigned long cached_generation; /* of all key sets together */
};

/*
 * Start from a guard whose first members are filled in and the rest, its own,
 * zero; their strings are borrowed. Our own keys must load; other
 * issuers' may be missing, their tokens are refused until then (it is logged).
 * guard_close after any return.
 */
enum err guard_open(struct guard *g, struct why *why);
void guard_close(struct guard *g);

/*
 * VERDICT_ALLOW only for a token that is good at `now`; `who` then says whose, until
 * the next call, and nobody otherwise. `refusal` always says why not; JWT_FAILED
 * means that the check could not be done.
 */
enum verdict guard_check(struct guard *g, struct str token, int64_t now,
			 struct identity *who, enum jwt_refusal *refusal);

#endif
