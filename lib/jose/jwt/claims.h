/*
 * The claims of an access token (RFC 7519, 4.1; RFC 9068, 2.2): those that have a
 * place in the struct, the fixed ones, and a bounded list of any others.
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
#define CLAIMS_AMR 8           /* RFC 8176: how somebody was authenticated */
#define CLAIMS_MORE 32         /* members that are not fixed */
#define CLAIMS_MORE_BYTES 4096 /* of their names and values together */
#define CLAIMS_NAME_MAX 64     /* bytes of such a name */

struct json_t;

/* A member that is not fixed. Both are borrowed. */
struct claims_member {
	struct str name; /* UTF-8, as it is meant: without escapes */
	struct str json; /* its value as JSON text: "text", 1, {"a":[]} … */
};

struct claims {
	struct buf payload;  /* the claims set as it came: JSON, UTF-8 */
	struct json_t *json; /* the same, parsed; the strings borrow from it … */
	struct buf text;     /* … or, once settled, from this */
	struct str iss, sub, jti, client_id, sid, preferred_username; /* empty: absent */
	struct str scope, acr; /* likewise; of our own tokens only */
	struct str aud[CLAIMS_AUDIENCES];
	size_t n_aud;
	struct str roles[CLAIMS_ROLES];
	size_t n_roles;
	struct str amr[CLAIMS_AMR];
	size_t n_amr;
	struct claims_member more[CLAIMS_MORE]; /* in the order of the token */
	size_t n_more;
	struct buf more_text; /* what claims_take_more lets `more` borrow from */
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
 * After that, `roles`, `scope`, `acr` and `amr`: other issuers may mean anything by
 * them, so they are taken from our own tokens only. False when one is there and is
 * not of its type, or a list of more than CLAIMS_ROLES or CLAIMS_AMR strings.
 */
bool claims_take_ours(struct claims *c);

/*
 * Set `more` to the members of c->payload that are not fixed, whenever somebody
 * wants them: who asks nothing pays nothing. Their texts live as long as the set is
 * not cleared. ERR_SYNTAX: the payload is no object; ERR_LIMIT: more than
 * CLAIMS_MORE, CLAIMS_MORE_BYTES or CLAIMS_NAME_MAX; `more` is empty then.
 */
enum err claims_take_more(struct claims *c);

/* The JSON text of a member in `more`. */
bool claims_find(const struct claims *c, struct str name, struct str *json);

/*
 * Add a member to `more`; both are borrowed. ERR_EXISTS: it is there, or fixed;
 * ERR_SYNTAX: `json` is not one JSON value, or `name` is empty or not UTF-8;
 * ERR_LIMIT as above. Nothing has changed then.
 */
enum err claims_add(struct claims *c, struct str name, struct str json);

/*
 * Let go of the parsed form, which takes much more memory than its strings: for a
 * set that is kept. False, and still as it was, when memory is out.
 */
bool claims_settle(struct claims *c);

/* Is it one of `aud`, or one of `roles`? */
bool claims_has_audience(const struct claims *c, struct str audience);
bool claims_has_role(const struct claims *c, struct str role);

/*
 * Append as JSON: the fixed members that are set, always in one order, then `more`
 * in its own. What was read from a token, this writes again.
 */
void claims_write(const struct claims *c, struct buf *out);

#endif
