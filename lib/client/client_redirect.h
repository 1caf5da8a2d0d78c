/*
 * Redirect URIs of clients (RFC 6749, 3.1.2; RFC 8252, 7): which may be registered, which
 * one of a request is a registered one, and where it leads.
 */
#ifndef CLIENT_REDIRECT_H
#define CLIENT_REDIRECT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define CLIENT_REDIRECT_MAX 2000   /* bytes of one */
#define CLIENT_REDIRECT_SOURCE 300 /* bytes of where it leads */

/* Why an address may not be registered. Zero: it may. */
enum client_redirect_fault {
	CLIENT_REDIRECT_GOOD = 0,
	CLIENT_REDIRECT_LENGTH,   /* empty or too long */
	CLIENT_REDIRECT_BYTES,    /* a byte or an escape that no URI may contain */
	CLIENT_REDIRECT_FRAGMENT, /* it has one */
	CLIENT_REDIRECT_SCHEME,   /* none, or one without a dot that is not http(s) */
	CLIENT_REDIRECT_PLAIN,    /* http, and not on loopback */
	CLIENT_REDIRECT_HOST, /* no host or port that can be read, or a user in front */
	CLIENT_REDIRECT_PRIVATE, /* a scheme of its own, for a client that has a secret */
	CLIENT_REDIRECT_FAULTS
};

/*
 * Judge an address that is to be registered. It is https; or http on loopback; or, if
 * `is_public` (the client has no secret), a scheme with a dot like "com.example.app:/cb"
 * (RFC 8252, 7.1).
 */
enum client_redirect_fault client_redirect_judge(struct str uri, bool is_public);

/* What is wrong, for people: "has a fragment (#…)". */
const char *client_redirect_fault_text(enum client_redirect_fault fault);

/*
 * True if `given`, of a request, is the registered address: byte for byte, with its query.
 * Only the port is free for http on 127.0.0.1, [::1] and localhost (RFC 8252, 7.3).
 */
bool client_redirect_matches(struct str registered, struct str given);

/* The same for a list of them with one in each line. */
bool client_redirect_is_listed(struct str lines, struct str given);

/*
 * Append where the address leads, in lower case and without a default port: its origin
 * ("https://app.example:8443"), or its scheme ("com.example.app:") if it has no origin.
 * This is what people are shown, and what the Origin header of a script there says.
 * False, and nothing added, if client_redirect_judge refuses it.
 */
bool client_redirect_origin(struct str uri, struct buf *out);

#endif
