/*
 * Who a token proves its bearer to be.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "jose/jwt/claims.h"

/*
 * A view: what it points to is the guard's and good until the guard is asked
 * again. There is nothing to free.
 */
struct identity {
	const struct claims *claims; /* of the token; an empty set when nobody */
	const char *issuer;          /* NULL: ours; else its name in the settings */
	struct str id;               /* never reused: sub, or NAME:sub */
	struct str name; /* for people and REMOTE_USER: preferred_username, or the id */
	const struct str *roles;
	size_t n_roles;
	int64_t expires;
	int64_t auth_time; /* when the password was given; 0: not said */
};

#define IDENTITY_NAME_MAX 512 /* bytes of NAME:sub */

/* Nobody. */
void identity_init(struct identity *who);
void identity_done(struct identity *who);

bool identity_has_role(const struct identity *who, struct str role);

#endif
