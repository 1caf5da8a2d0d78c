/*
 * Judges an authorization request by itself: is the client known, may it be answered at
 * that address, and is what it asks for well formed and possible? Nothing is looked up.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "client/client_row.h"
#include "oauth/authorize/asked.h"
#include "token/acr.h"

/*
 * Mistakes for which the person gets a page, because no address can be trusted with an
 * answer (RFC 6749, 4.1.2.1).
 */
enum mistake {
	MISTAKE_NONE = 0,
	MISTAKE_CLIENT_MISSING,
	MISTAKE_CLIENT_TWICE,
	MISTAKE_CLIENT_UNKNOWN,
	MISTAKE_REDIRECT_MISSING,
	MISTAKE_REDIRECT_TWICE,
	MISTAKE_REDIRECT_UNKNOWN,
	MISTAKES
};

/* The key of its phrase: "oauth_mistake.client_missing". */
const char *mistake_phrase(enum mistake mistake);

/* The mistake in client_id, before the client is looked up. */
enum mistake judge_client_id(const struct asked *asked);

/* The mistake in redirect_uri, for a client that is known. */
enum mistake judge_redirect(const struct asked *asked, const struct client *client);

/* The words of `prompt` (OpenID Connect Core, 3.1.2.1). Others are ignored. */
enum { PROMPT_NONE = 1, PROMPT_LOGIN = 2, PROMPT_CONSENT = 4, PROMPT_SELECT_ACCOUNT = 8 };

#define WISH_ACRS 4
#define WISH_NONCE_MAX 512 /* bytes */
#define WISH_HINT_MAX 255  /* bytes; a longer login_hint is ignored */

/* What a client asks for. The texts borrow from the request. */
struct wish {
	unsigned scopes; /* of those that the client is registered for */
	struct str nonce, challenge, login_hint, id_token_hint;
	unsigned prompts;
	int64_t max_age;         /* seconds; negative: any */
	enum acr acr[WISH_ACRS]; /* wanted, the preferred one first */
	size_t n_acr;
};

/* An error for the client: a code of a standard, and words for its developer. */
struct refusal {
	const char *error;
	char description[120]; /* printable ASCII without " and \ (RFC 6749, 4.1.2.1) */
};

/* Fill in a refusal. Returns false. */
bool refusal_set(struct refusal *refusal, const char *error, const char *description);

/*
 * True if the request can be granted, and `wish` says what it asks for. Otherwise
 * `refusal` says what the client is told at its redirect URI. The caller has made sure
 * that neither judge_client_id nor judge_redirect finds a mistake.
 */
bool judge_wish(const struct asked *asked, const struct client *client, struct wish *wish,
		struct refusal *refusal);

#endif
