/*
 * Make and verify tokens without a web server:
 *
 *   mkdir keys
 *   doorward key new --out keys                           once: a key that signs
 *   doorward key publish --keys keys --out jwks.json      its public half
 *   ./token issue keys ann                                prints a token for ann
 *   ./token verify jwks.json TOKEN                        prints whose it is, or why not
 *
 * The issuer and the audience are those of a site at https://example.org.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <doorward/clock.h>
#include <doorward/jwt_unseal.h>
#include <doorward/start.h>
#include <doorward/token.h>

#define SITE "https://example.org"
#define LIFE 600 /* seconds */

static int
complain(enum doorward_err e, const struct doorward_why *why)
{
	fprintf(stderr, "token: %s\n",
		why->text[0] != '\0' ? why->text : doorward_err_text(e));
	return EXIT_FAILURE;
}

static int
issue(const char *keys, const char *name)
{
	struct doorward_why why = { "" };
	struct doorward_signer_keys files = { .signing = keys };
	struct doorward_signer signer;
	struct doorward_claims claims;
	struct doorward_buf id, token;
	enum doorward_err e;
	int64_t now;

	doorward_claims_init(&claims);
	doorward_buf_init(&id, 100);
	doorward_buf_init(&token, DOORWARD_TOKEN_MAX);
	e = doorward_signer_open(&signer, &files, DOORWARD_STR(SITE), DOORWARD_STR(SITE),
				 &why);
	if (e == DOORWARD_ERR_OK)
		e = doorward_clock_now(&now);
	if (e == DOORWARD_ERR_OK) {
		claims.sub = claims.preferred_username = doorward_str_of(name);
		claims.client_id = DOORWARD_STR("token-example");
		e = doorward_token_sign(&signer, &claims, now, LIFE, &id, &token, &why);
	}
	if (e == DOORWARD_ERR_OK)
		puts(doorward_buf_z(&token));
	doorward_signer_close(&signer);
	doorward_claims_done(&claims);
	doorward_buf_done(&id);
	doorward_buf_done(&token);
	return e == DOORWARD_ERR_OK ? EXIT_SUCCESS : complain(e, &why);
}

static int
judge(const struct doorward_keyset *keys, struct doorward_str token, int64_t now)
{
	struct doorward_jwt_policy policy = { .issuer = DOORWARD_STR(SITE),
					      .audience = DOORWARD_STR(SITE),
					      .typ = DOORWARD_STR(DOORWARD_TOKEN_TYPE),
					      .leeway = 30 };
	struct doorward_claims claims;
	enum doorward_jwt_refusal refusal;
	int status = EXIT_FAILURE;

	doorward_claims_init(&claims);
	if (doorward_jwt_open(NULL, keys, &policy, token, now, &claims, &refusal) ==
	    DOORWARD_VERDICT_ALLOW) {
		printf("%.*s\n", DOORWARD_STR_ARG(claims.sub));
		status = EXIT_SUCCESS;
	} else {
		fprintf(stderr, "token: refused: %s\n", doorward_refusal_text(refusal));
	}
	doorward_claims_done(&claims);
	return status;
}

static int
verify(const char *keys, const char *token)
{
	struct doorward_why why = { "" };
	struct doorward_keyset set;
	enum doorward_err e;
	int status = EXIT_FAILURE;
	int64_t now;

	e = doorward_keyset_load(keys, DOORWARD_KEYSET_VERIFY, &set, &why);
	if (e == DOORWARD_ERR_OK)
		e = doorward_clock_now(&now);
	if (e == DOORWARD_ERR_OK)
		status = judge(&set, doorward_str_of(token), now);
	else
		complain(e, &why);
	doorward_keyset_done(&set);
	return status;
}

int
main(int argc, char **argv)
{
	doorward_crypto_start(false);
	if (argc == 4 && strcmp(argv[1], "issue") == 0)
		return issue(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "verify") == 0)
		return verify(argv[2], argv[3]);
	fprintf(stderr, "usage: token issue KEYS NAME\n       token verify JWKS TOKEN\n");
	return EXIT_FAILURE;
}
