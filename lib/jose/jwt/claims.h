/*
 * The claims of an access token (RFC 7519, 4.1; RFC 9068, 2.2): a fixed set of members
 * in this struct, and a limited list of any others.
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
#define CLAIMS_AMR 8           /* RFC 8176: how the person was authenticated */
#define CLAIMS_MORE 32         /* number of members that are not fixed */
#define CLAIMS_MORE_BYTES 4096 /* size of their names and values together */
#define CLAIMS_NAME_MAX 64     /* size of such a name */

struct json_t;

/* A member that is not fixed. Name and value are borrowed. */
struct claims_member {
	struct str name; /* UTF-8, with escapes decoded */
	struct str json; /* its value as JSON text: "text", 1, {"a":[]} … */
};

struct claims {
	struct buf payload;  /* the claims set as received: JSON, UTF-8 */
	struct json_t *json; /* the parsed claims set; the strings borrow from it … */
	struct buf text;     /* … or from this, after it was freed */
	struct str iss, sub, jti, client_id, sid, preferred_username; /* empty: absent */
	struct str scope, acr; /* borrowed likewise; only from our own tokens */
	struct str aud[CLAIMS_AUDIENCES];
	size_t n_aud;
	struct str roles[CLAIMS_ROLES];
	size_t n_roles;
	struct str amr[CLAIMS_AMR];
	size_t n_amr;
	struct claims_member more[CLAIMS_MORE]; /* in the order of the token */
	size_t n_more;
	struct buf more_text; /* the bytes that `more` borrows from after
			       * claims_take_more */
	int64_t exp, iat;
	int64_t nbf, auth_time; /* where has_… */
	bool has_exp, has_iat, has_nbf, has_auth_time;
};

/* An empty set. */
void claims_init(struct claims *c);

/* Empty the set: wipe it and keep its memory. */
void claims_clear(struct claims *c);

/* Free. A second call and NULL are allowed. */
void claims_done(struct claims *c);

/*
 * Read the claims from c->payload. A claim that is present must have its proper type.
 * Whether a claim may be absent is for the policy to decide. False if a claim is
 * refused. Fractions of exp are cut off; those of iat, nbf and auth_time are rounded
 * up. So a token is never valid for longer than it says.
 */
bool claims_parse(struct claims *c);

/*
 * Then read `roles`, `scope`, `acr` and `amr`. Other issuers may give them another
 * meaning, so they are read from our own tokens only. False if one is present with
 * another type, or is a list of more than CLAIMS_ROLES or CLAIMS_AMR strings.
 */
bool claims_take_ours(struct claims *c);

/*
 * Set `more` to the members of c->payload that are not fixed. This is a separate call,
 * so that callers who do not need them do not pay for them. Their texts live until the
 * set is cleared. ERR_SYNTAX: the payload is no object. ERR_LIMIT: more than
 * CLAIMS_MORE, CLAIMS_MORE_BYTES or CLAIMS_NAME_MAX. `more` is empty after an error.
 */
enum err claims_take_more(struct claims *c);

/* The JSON text of a member in `more`. */
bool claims_find(const struct claims *c, struct str name, struct str *json);

/*
 * Add a member to `more`. Name and value are borrowed. ERR_EXISTS: it is already
 * there, or it is fixed. ERR_SYNTAX: `json` is not exactly one JSON value, or `name`
 * is empty or not UTF-8. ERR_LIMIT as above. Nothing has changed after an error.
 */
enum err claims_add(struct claims *c, struct str name, struct str json);

/*
 * Free the parsed form, which needs much more memory than its strings. For a set that
 * is kept. False if memory is out; the set is then unchanged.
 */
bool claims_settle(struct claims *c);

/* Is it one of `aud`, or one of `roles`? */
bool claims_has_audience(const struct claims *c, struct str audience);
bool claims_has_role(const struct claims *c, struct str role);

/*
 * Append as JSON: the fixed members that are set, always in the same order, and then
 * `more` in its own order. This writes exactly what was read from a token.
 */
void claims_write(const struct claims *c, struct buf *out);

#endif
