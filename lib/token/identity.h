/* The identity that a token proves. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "jose/jwt/claims.h"
#include "token/acr.h"

/*
 * The kinds of token, from the least trusted on. Our own are distinguished by
 * client_id, which every access token must have (RFC 9068, 2.2). It says who asked for
 * the token, so we need no claim of our own invention. A token of no other kind is a
 * client's.
 */
enum identity_kind {
	IDENTITY_CLIENT = 0, /* made for a client: it opens only paths that name it */
	IDENTITY_FOREIGN,    /* another issuer's */
	IDENTITY_PROGRAM,    /* made for a script */
	IDENTITY_LOGIN       /* of a login whose session is open */
};

/* No client may have a name that begins like these. */
#define IDENTITY_LOGIN_ID "doorward"
#define IDENTITY_PROGRAM_ID "doorward-program"

/*
 * A client's token that is for no other audience has the address of the provider as its
 * aud: that of the site, and this path.
 */
#define IDENTITY_CLIENT_AUDIENCE "/oauth"

/*
 * A view. What it points to belongs to the guard and is good until the guard is asked
 * again. Nothing has to be freed.
 */
struct identity {
	enum identity_kind kind;
	const struct claims *claims; /* claims of the token; an empty set if there is
				      * nobody */
	const char *issuer;          /* NULL: ours; else its name in the settings */
	struct str id;               /* never given to another: sub, or NAME:sub */
	struct str name; /* for people and REMOTE_USER: preferred_username, or the id */
	const struct str *roles;
	size_t n_roles;
	int64_t expires;
	int64_t auth_time; /* when the password was given; 0: unknown */
	/* only of our own tokens; may be empty */
	struct str client; /* client_id */
	struct str scope;  /* words separated by spaces (RFC 6749, 3.3) */
	struct str below;  /* a program's: good only for this path and below; empty: for
			    * the whole site */
	struct str acr;    /* how strongly the login was proved: token/acr.h */
	const struct str *amr;
	size_t n_amr;
	bool by_basic; /* shown as the password of Basic: rules without that word let
			* nobody in by it */
};

#define IDENTITY_NAME_MAX 512 /* size of NAME:sub */

/* Nobody. */
void identity_init(struct identity *who);
void identity_done(struct identity *who);

/* True if it has this role, or this word in `scope`. */
bool identity_has_role(const struct identity *who, struct str role);
bool identity_has_scope(const struct identity *who, struct str scope);

/*
 * True if it counts as signed in. Logins and programs do. A user of another issuer
 * does if the settings give the user one of our roles (issuer.NAME.roles). A client
 * does not.
 */
bool identity_is_signed_in(const struct identity *who);

/*
 * True for a login that was proved at least so strongly. A program's token, a client's
 * and one of another issuer never do, whatever they claim.
 */
bool identity_has_proved(const struct identity *who, enum acr acr);

/*
 * The kind of a verified token of our own. It is a login or a program only if it has a
 * sid that can be revoked, because these can be ended.
 */
enum identity_kind identity_kind_of(const struct claims *c);

/* A short English word for it. A static string. */
const char *identity_kind_text(enum identity_kind kind);

#endif
