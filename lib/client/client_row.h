/*
 * A client: a program of somebody that asks us who a person is (OpenID Connect, OAuth 2.1).
 */
#ifndef CLIENT_ROW_H
#define CLIENT_ROW_H

#include <stdbool.h>

#include "base/str.h"
#include "client/client_scope.h"

#define CLIENT_ID_MAX 64   /* bytes */
#define CLIENT_URLS_MAX 20 /* redirect URIs, and as many logout addresses */

/* How a client proves who it is at the token endpoint. Zero: in no way, it is refused. */
enum client_method {
	CLIENT_METHOD_UNKNOWN = 0,
	CLIENT_METHOD_BASIC, /* client_secret_basic */
	CLIENT_METHOD_POST,  /* client_secret_post */
	CLIENT_METHOD_NONE,  /* none: a public client */
	CLIENT_METHODS
};

/* When a person is asked. Zero asks most often. */
enum client_consent {
	CLIENT_CONSENT_ASK = 0,  /* each time */
	CLIENT_CONSENT_REMEMBER, /* once for the same scopes */
	CLIENT_CONSENT_TRUSTED,  /* never */
	CLIENT_CONSENTS
};

/* With which key its ID tokens are signed. */
enum client_alg { CLIENT_ALG_RS256 = 0, CLIENT_ALG_SITE, CLIENT_ALGS };

/* What is stored of a client (sql/016_oauth.sql). The texts are borrowed. */
struct client {
	struct str id;
	struct str name;
	struct str redirects; /* one in each line */
	struct str logouts;   /* one in each line */
	enum client_method method;
	unsigned scopes;     /* that it may ask for */
	struct str audience; /* of its access tokens; empty: ours (public_url/oauth) */
	struct str roles;    /* words: who may use it; empty: everybody */
	struct str
		groups; /* words: the groups that it may hear of; empty: those of `roles` */
	enum client_consent consent;
	bool pkce; /* it has to use PKCE */
	enum client_alg alg;
	bool id_token_claims; /* the claims of userinfo also stand in its ID tokens */
};

/* The words of the three lists, as they are stored, typed and shown. */
const char *client_method_word(enum client_method method);
const char *client_consent_word(enum client_consent consent);
const char *client_alg_word(enum client_alg alg);

/* False, and the value is the zero of its list, for any other word. */
bool client_method_read(struct str word, enum client_method *method);
bool client_consent_read(struct str word, enum client_consent *consent);
bool client_alg_read(struct str word, enum client_alg *alg);

/*
 * True for a name that a client can be registered with: a-z, 0-9, then also ".", "_" and
 * "-", at most CLIENT_ID_MAX bytes. It does not begin with "doorward".
 */
bool client_id_is_valid(struct str id);

#endif
