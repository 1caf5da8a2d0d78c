/*
 * The claims of an access token (RFC 7519, 4.1; RFC 9068, 2.2).
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define CLAIMS_AUDIENCES 16
#define CLAIMS_ROLES 64

struct json_t;

struct claims {
	struct buf payload;  /* the claims set as it came: JSON, UTF-8 */
	struct json_t *json; /* the same, parsed; the strings borrow from it … */
	struct buf text;     /* … or, once settled, from this */
	struct str iss, sub, jti, client_id, sid, preferred_username; /* empty: absent */
	struct str aud[CLAIMS_AUDIENCES];
	size_t n_aud;
	struct str roles[CLAIMS_ROLES];
	size_t n_roles;
	int64_t exp, iat;
	int64_t nbf, auth_time; /* where has_… */
	bool has_exp, has_iat, has_nbf, has_auth_time;
};

/* A set with nothing in it. */
void claims_init(struct claims *c);
/* The same again: wipe it, keep its memory. */
void claims_clear(struct claims *c);
/* Free; a second time, and NULL, are allowed. */
void claims_done(struct claims *c);

/*
 * Take the claims out of c->payload. Each one that is there must have its
 * proper type; absence is for the policy to judge. False when it is refused.
 * Fractions of exp are cut off, those of iat, nbf and auth_time rounded up:
 * a token's time is never longer than it says.
 */
bool claims_parse(struct claims *c);

/*
 * After that, `roles`: it is a claim of ours, and other issuers may mean anything
 * by it. False when it is there and is no list of CLAIMS_ROLES strings at most.
 */
bool claims_take_roles(struct claims *c);

/*
 * Let go of the parsed form, which takes much more memory than its strings: for a
 * set that is kept. False, and still as it was, when memory is out.
 */
bool claims_settle(struct claims *c);

bool claims_has_audience(const struct claims *c, struct str audience);
bool claims_has_role(const struct claims *c, struct str role);

/* Append as JSON: the members that are set, in the order of the struct. */
void claims_write(const struct claims *c, struct buf *out);

#endif
