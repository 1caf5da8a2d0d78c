#include "oauth/authorize/judge.h"

#include <stdio.h>
#include <string.h>

#include "client/client_redirect.h"
#include "client/pkce.h"

static const char *const phrases[MISTAKES] = {
	[MISTAKE_NONE] = "",
	[MISTAKE_CLIENT_MISSING] = "oauth_mistake.client_missing",
	[MISTAKE_CLIENT_TWICE] = "oauth_mistake.client_twice",
	[MISTAKE_CLIENT_UNKNOWN] = "oauth_mistake.client_unknown",
	[MISTAKE_REDIRECT_MISSING] = "oauth_mistake.redirect_missing",
	[MISTAKE_REDIRECT_TWICE] = "oauth_mistake.redirect_twice",
	[MISTAKE_REDIRECT_UNKNOWN] = "oauth_mistake.redirect_unknown",
};

const char *
mistake_phrase(enum mistake mistake)
{
	return phrases[mistake];
}

enum mistake
judge_client_id(const struct asked *asked)
{
	if (asked->twice[ASKED_CLIENT_ID])
		return MISTAKE_CLIENT_TWICE;
	if (asked->value[ASKED_CLIENT_ID].n == 0)
		return MISTAKE_CLIENT_MISSING;
	return client_id_is_valid(asked->value[ASKED_CLIENT_ID]) ? MISTAKE_NONE
								 : MISTAKE_CLIENT_UNKNOWN;
}

enum mistake
judge_redirect(const struct asked *asked, const struct client *client)
{
	struct str uri = asked->value[ASKED_REDIRECT_URI];

	if (asked->twice[ASKED_REDIRECT_URI])
		return MISTAKE_REDIRECT_TWICE;
	if (uri.n == 0)
		return MISTAKE_REDIRECT_MISSING;
	return client_redirect_is_listed(client->redirects, uri)
		       ? MISTAKE_NONE
		       : MISTAKE_REDIRECT_UNKNOWN;
}

bool
refusal_set(struct refusal *refusal, const char *error, const char *description)
{
	refusal->error = error;
	snprintf(refusal->description, sizeof(refusal->description), "%s", description);
	return false;
}

static bool
invalid(struct refusal *refusal, const char *description)
{
	return refusal_set(refusal, "invalid_request", description);
}

static bool
judge_form(const struct asked *asked, struct refusal *refusal)
{
	enum asked_name twice = asked_twice(asked);

	if (asked->long_one)
		return invalid(refusal, "the request is longer than 8192 bytes");
	if (asked->malformed)
		return invalid(refusal, "a parameter is not well encoded");
	if (twice != ASKED_NAMES) {
		refusal->error = "invalid_request";
		snprintf(refusal->description, sizeof(refusal->description),
			 "%s is there more than once", asked_word(twice));
		return false;
	}
	if (str_has_control(asked->value[ASKED_STATE]))
		return invalid(refusal, "state contains a control character");
	return true;
}

/* OpenID Connect Core, 3.1.2.6. */
static bool
judge_unsupported(const struct asked *asked, struct refusal *refusal)
{
	if (asked->value[ASKED_REQUEST].n > 0)
		return refusal_set(refusal, "request_not_supported",
				   "the parameter request is not supported");
	if (asked->value[ASKED_REQUEST_URI].n > 0)
		return refusal_set(refusal, "request_uri_not_supported",
				   "the parameter request_uri is not supported");
	if (asked->value[ASKED_REGISTRATION].n > 0)
		return refusal_set(refusal, "registration_not_supported",
				   "the parameter registration is not supported");
	return true;
}

static bool
judge_response(const struct asked *asked, struct refusal *refusal)
{
	struct str type = asked->value[ASKED_RESPONSE_TYPE];
	struct str mode = asked->value[ASKED_RESPONSE_MODE];

	if (type.n == 0)
		return invalid(refusal, "response_type is missing");
	if (!str_is(type, "code"))
		return refusal_set(refusal, "unsupported_response_type",
				   "response_type can only be code");
	if (mode.n > 0 && !str_is(mode, "query"))
		return invalid(refusal, "response_mode can only be query");
	return true;
}

static bool
judge_scopes(const struct asked *asked, const struct client *client, struct wish *wish,
	     struct refusal *refusal)
{
	wish->scopes = client_scope_read(asked->value[ASKED_SCOPE]) & client->scopes;
	if (wish->scopes != 0)
		return true;
	return refusal_set(
		refusal, "invalid_scope",
		asked->value[ASKED_SCOPE].n == 0
			? "scope is missing"
			: "the client is not registered for any of these scopes");
}

/* RFC 7636, 4.3. A challenge without a method would be of the method plain. */
static bool
judge_pkce(const struct asked *asked, const struct client *client, struct wish *wish,
	   struct refusal *refusal)
{
	struct str challenge = asked->value[ASKED_CODE_CHALLENGE];
	struct str method = asked->value[ASKED_CODE_CHALLENGE_METHOD];
	bool must = client->pkce || client->method == CLIENT_METHOD_NONE;

	if (challenge.n == 0 && method.n > 0)
		return invalid(refusal, "code_challenge is missing");
	if (challenge.n == 0)
		return must ? invalid(refusal, "this client has to send a code_challenge "
					       "(PKCE)")
			    : true;
	if (!str_is(method, "S256"))
		return invalid(refusal, "code_challenge_method can only be S256");
	if (!pkce_challenge_is_valid(challenge))
		return invalid(refusal,
			       "code_challenge is not the base64url of a SHA-256");
	wish->challenge = challenge;
	return true;
}

static unsigned
read_prompts(struct str words)
{
	static const struct {
		const char *word;
		unsigned bit;
	} known[] = {
		{ "none", PROMPT_NONE },
		{ "login", PROMPT_LOGIN },
		{ "consent", PROMPT_CONSENT },
		{ "select_account", PROMPT_SELECT_ACCOUNT },
	};
	unsigned prompts = 0;

	while (words.n > 0) {
		struct str word = str_cut(&words, ' ');

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (str_is(word, known[i].word))
				prompts |= known[i].bit;
	}
	return prompts;
}

static bool
judge_prompt(const struct asked *asked, struct wish *wish, struct refusal *refusal)
{
	struct str age = asked->value[ASKED_MAX_AGE];
	struct str words = asked->value[ASKED_PROMPT];

	wish->prompts = read_prompts(words);
	if ((wish->prompts & PROMPT_NONE) != 0 && !str_is(str_trim(words), "none"))
		return invalid(refusal, "prompt is none and something else");
	wish->max_age = -1;
	if (age.n > 0 && !str_to_int(age, 0, INT32_MAX, &wish->max_age))
		return invalid(refusal, "max_age is not a number of seconds");
	return true;
}

static void
read_acrs(struct str words, struct wish *wish)
{
	while (words.n > 0 && wish->n_acr < WISH_ACRS) {
		enum acr acr = acr_find(str_cut(&words, ' '));

		if (acr != ACR_NONE)
			wish->acr[wish->n_acr++] = acr;
	}
}

/* Hints that cannot be of use are ignored; a nonce comes back in the ID token. */
static bool
judge_rest(const struct asked *asked, struct wish *wish, struct refusal *refusal)
{
	struct str hint = asked->value[ASKED_LOGIN_HINT];

	wish->nonce = asked->value[ASKED_NONCE];
	if (wish->nonce.n > WISH_NONCE_MAX)
		return invalid(refusal, "nonce is longer than 512 bytes");
	if (str_has_control(wish->nonce))
		return invalid(refusal, "nonce contains a control character");
	if (hint.n <= WISH_HINT_MAX && !str_has_control(hint))
		wish->login_hint = hint;
	wish->id_token_hint = asked->value[ASKED_ID_TOKEN_HINT];
	read_acrs(asked->value[ASKED_ACR_VALUES], wish);
	return true;
}

bool
judge_wish(const struct asked *asked, const struct client *client, struct wish *wish,
	   struct refusal *refusal)
{
	memset(wish, 0, sizeof(*wish));
	return judge_form(asked, refusal) && judge_unsupported(asked, refusal) &&
	       judge_response(asked, refusal) &&
	       judge_scopes(asked, client, wish, refusal) &&
	       judge_pkce(asked, client, wish, refusal) &&
	       judge_prompt(asked, wish, refusal) && judge_rest(asked, wish, refusal);
}
