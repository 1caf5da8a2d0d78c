/*
 * The parameters of an authorization request as they came (OpenID Connect Core, 3.1.2.1;
 * RFC 6749, 4.1.1; RFC 7636, 4.3). They are decoded and not judged yet. Parameters that
 * we do not know are ignored (RFC 6749, 3.1).
 */
#ifndef ASKED_H
#define ASKED_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define ASKED_MAX 8192 /* bytes of a query; a longer request is refused */

enum asked_name {
	ASKED_CLIENT_ID,
	ASKED_REDIRECT_URI,
	ASKED_STATE,
	ASKED_RESPONSE_TYPE,
	ASKED_RESPONSE_MODE,
	ASKED_SCOPE,
	ASKED_NONCE,
	ASKED_PROMPT,
	ASKED_MAX_AGE,
	ASKED_LOGIN_HINT,
	ASKED_ID_TOKEN_HINT,
	ASKED_ACR_VALUES,
	ASKED_CODE_CHALLENGE,
	ASKED_CODE_CHALLENGE_METHOD,
	ASKED_REQUEST,
	ASKED_REQUEST_URI,
	ASKED_REGISTRATION,
	ASKED_NAMES
};

struct asked {
	struct str value[ASKED_NAMES]; /* empty: it is absent, empty, or there twice */
	bool twice[ASKED_NAMES];
	bool malformed;   /* a broken %-escape, a NUL, or bytes that are not UTF-8 */
	bool long_one;    /* the query is longer than ASKED_MAX */
	struct buf bytes; /* what the values point into; wiped at the end */
};

/*
 * Read a query. A part that cannot be decoded is left out, and `malformed` is set, so that
 * the client can still be told of the mistake. Call asked_done in any case.
 */
enum err asked_read(struct asked *asked, struct str query);
void asked_done(struct asked *asked);

/* The name of a parameter, as it is sent. */
const char *asked_word(enum asked_name name);

/* The first parameter that is there twice. ASKED_NAMES: none is. */
enum asked_name asked_twice(const struct asked *asked);

#endif
