/*
 * Who a token proves its bearer to be.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "jose/claims.h"

#define IDENTITY_NAME_MAX 512

/* The strings borrow from the struct's own claims and bytes, or from a cache. */
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
	bool borrowed; /* the claims are a cache's (token_cache.h) */
};

void identity_init(struct identity *who);
/* Free; a second time, and NULL, are allowed. */
void identity_done(struct identity *who);
bool identity_has_role(const struct identity *who, struct str role);

#endif
