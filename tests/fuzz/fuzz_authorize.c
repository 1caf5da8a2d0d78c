/*
 * An authorization request: whatever it says, the words for the client's developer are of
 * the characters that RFC 6749, 4.1.2.1 allows, and nothing is granted that the client is
 * not registered for.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "client/pkce.h"
#include "oauth/authorize/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct client client = {
	.id = { "app", 3 },
	.redirects = { "https://app.example/cb", 22 },
	.method = CLIENT_METHOD_BASIC,
	.scopes = CLIENT_SCOPE_OPENID | CLIENT_SCOPE_EMAIL,
	.pkce = true,
};

static void
check_refusal(const struct refusal *refusal)
{
	for (const char *c = refusal->description; *c != '\0'; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			abort();
	if (refusal->error == NULL)
		abort();
}

static void
check_wish(const struct asked *asked, const struct wish *wish)
{
	if (wish->scopes == 0 || (wish->scopes & ~client.scopes) != 0 ||
	    !pkce_challenge_is_valid(wish->challenge) ||
	    str_has_control(asked->value[ASKED_STATE]) || str_has_control(wish->nonce) ||
	    asked_twice(asked) != ASKED_NAMES || asked->malformed)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str query = { (const char *)data, size };
	struct refusal refusal = { .error = NULL };
	struct asked asked;
	struct wish wish;

	if (asked_read(&asked, query) == ERR_OK) {
		judge_client_id(&asked);
		judge_redirect(&asked, &client);
		if (judge_wish(&asked, &client, &wish, &refusal))
			check_wish(&asked, &wish);
		else
			check_refusal(&refusal);
	}
	asked_done(&asked);
	return 0;
}
