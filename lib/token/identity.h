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
 * What kind of token it is, from the least trusted on. Ours are told apart by
 * client_id, which each access token must have (RFC 9068, 2.2) and which says who
 * asked for it, so that no claim of our own invention is needed. What is of no other
 * kind is a client's.
 */
enum identity_kind {
	IDENTITY_CLIENT = 0, /* made for a client: opens only what names it */
	IDENTITY_FOREIGN,    /* another issuer's */
	IDENTITY_PROGRAM,    /* of `doorward token issue`, for a script */
	IDENTITY_LOGIN       /* of a login, whose session is alive */
};

/* No client may have a name that begins like these. */
#define IDENTITY_LOGIN_ID "doorward"
#define IDENTITY_PROGRAM_ID "doorward-program"

/*
 * A view: what it points to is the guard's and good until the guard is asked
 * again. There is nothing to free.
 */
struct identity {
	enum identity_kind kind;
	const struct claims *claims; /* of the token; an empty set when nobody */
	const char *issuer;          /* NULL: ours; else its name in the settings */
	struct str id;               /* never reused: sub, or NAME:sub */
	struct str name; /* for people and REMOTE_USER: preferred_username, or the id */
	const struct str *roles;
	size_t n_roles;
	int64_t expires;
	int64_t auth_time; /* when the password was given; 0: not said */
	/* of our own tokens only; empty where not said */
	struct str client; /* client_id */
	struct str scope;  /* words separated by spaces (RFC 6749, 3.3) */
	struct str acr;
	const struct str *amr;
	size_t n_amr;
};

#define IDENTITY_NAME_MAX 512 /* bytes of NAME:sub */

/* Nobody. */
void identity_init(struct identity *who);
void identity_done(struct identity *who);

/* Has it this role, or this word of `scope`? */
bool identity_has_role(const struct identity *who, struct str role);
bool identity_has_scope(const struct identity *who, struct str scope);

/*
 * Does it count as signed in? A login and a program do; of another issuer's users
 * those to whom the settings give a role of ours (issuer.NAME.roles); a client not.
 */
bool identity_is_signed_in(const struct identity *who);

/*
 * The kind of a verified token of our own. A login or a program can be ended, so
 * without a sid that can be revoked it is neither.
 */
enum identity_kind identity_kind_of(const struct claims *c);

/* A short English word for it; a static string. */
const char *identity_kind_text(enum identity_kind kind);

#endif
