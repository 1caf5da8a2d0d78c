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
#include "jose/jwt.h"
#include "jose/keyset.h"

#define GUARD_ISSUERS_MAX 17 /* ours and 16 others */
#define IDENTITY_NAME_MAX 512

struct guard_issuer {
	const char *name; /* NULL: it is us */
	struct jwt_policy policy;
	const char *keys;        /* path of its key set */
	const char *roles_claim; /* NULL: no roles; may be a path: realm_access.roles */
	const char *const *role_map; /* theirs:ours, each */
	size_t n_role_map;

	struct keyset_watch watch; /* the guard's own */
	bool watched;
};

struct guard {
	struct guard_issuer issuers[GUARD_ISSUERS_MAX]; /* the first one is us */
	size_t n;
	const char *decryption_keys; /* NULL: encrypted tokens are refused */
	struct keyset_watch decryption;
	bool decrypts;
};

/* Who a token proves its bearer to be. The strings borrow from the struct. */
struct identity {
	struct claims claims;
	const char *issuer; /* NULL: ours; else its name in the settings */
	struct str id;      /* never reused: sub, or NAME:sub */
	struct str name; /* for people and REMOTE_USER: preferred_username, or the id */
	struct str roles[CLAIMS_ROLES];
	size_t n_roles;
	int64_t expires;
	int64_t auth_time; /* when the password was given; 0: not said */
	char id_bytes[IDENTITY_NAME_MAX];
};

void identity_init(struct identity *who);
/* Free; a second time, and NULL, are allowed. */
void identity_done(struct identity *who);
bool identity_has_role(const struct identity *who, struct str role);

/*
 * Start from a guard whose `issuers`, `n` and `decryption_keys` are filled in
 * and the rest zero; their strings are borrowed. Our own keys must load; other
 * issuers' may be missing, their tokens are refused until then (it is logged).
 * guard_close after any return.
 */
enum err guard_open(struct guard *g, struct why *why);
void guard_close(struct guard *g);

/*
 * VERDICT_ALLOW only for a token that is good at `now`; `who`, which must have
 * been initialised, then says whose. `refusal` always says why not; JWT_FAILED
 * means that the check could not be done.
 */
enum verdict guard_check(struct guard *g, struct str token, int64_t now,
			 struct identity *who, enum jwt_refusal *refusal);

#endif
