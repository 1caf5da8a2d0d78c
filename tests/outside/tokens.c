/*
 * The layer of keys and tokens from end to end, in memory: make a key, sign claims, verify,
 * and see what is refused. Prints a line for each step; exits with 1 at the first that fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <doorward/clock.h>
#include <doorward/jwt.h>
#include <doorward/jwt_seal.h>
#include <doorward/jwt_unseal.h>
#include <doorward/start.h>

#define ISSUER "https://issuer.example"
#define AUDIENCE "https://service.example"

static void
expect(bool good, const char *what)
{
	printf("%s %s\n", good ? "ok" : "FAILED", what);
	if (!good)
		exit(EXIT_FAILURE);
}

static void
make_key(const char *alg, struct doorward_jwk *key)
{
	struct doorward_why why = { "" };
	int64_t now;

	expect(doorward_clock_now(&now) == DOORWARD_ERR_OK, "the clock is set");
	expect(doorward_jwk_make(doorward_alg_find(doorward_str_of(alg)), 0,
				 DOORWARD_CURVE_NONE, now, key, &why) == DOORWARD_ERR_OK,
	       alg);
}

/* What is published of a key, as the set of one who verifies. */
static void
publish(const struct doorward_jwk *key, enum doorward_jwk_part part,
	enum doorward_keyset_purpose purpose, struct doorward_keyset *set)
{
	struct doorward_buf json;
	struct doorward_why why = { "" };

	doorward_buf_init(&json, DOORWARD_JWK_MAX);
	expect(doorward_jwk_write(key, part, &json) == DOORWARD_ERR_OK, "write a key");
	expect(doorward_keyset_parse(doorward_buf_str(&json), purpose, set, &why) ==
		       DOORWARD_ERR_OK,
	       "read it again");
	doorward_buf_done(&json);
}

static void
issue(struct doorward_jwk *key, int64_t now, struct doorward_buf *token)
{
	struct doorward_claims claims;

	doorward_claims_init(&claims);
	claims.iss = DOORWARD_STR(ISSUER);
	claims.aud[claims.n_aud++] = DOORWARD_STR(AUDIENCE);
	claims.sub = DOORWARD_STR("ann");
	claims.roles[claims.n_roles++] = DOORWARD_STR("staff");
	claims.iat = now;
	claims.exp = now + 60;
	claims.has_iat = claims.has_exp = true;
	expect(doorward_claims_add(&claims, DOORWARD_STR("plan"),
				   DOORWARD_STR("{\"seats\":5}")) == DOORWARD_ERR_OK,
	       "add a claim");
	expect(doorward_jwt_issue(key, "JWT", &claims, token) == DOORWARD_ERR_OK, "sign");
	doorward_claims_done(&claims);
}

static enum doorward_jwt_refusal
check(const struct doorward_keyset *decryption, const struct doorward_keyset *keys,
      struct doorward_str token, struct doorward_str audience, int64_t now,
      struct doorward_claims *claims)
{
	struct doorward_jwt_policy policy = { .issuer = DOORWARD_STR(ISSUER),
					      .audience = audience,
					      .typ = DOORWARD_STR("JWT"),
					      .leeway = 0 };
	enum doorward_jwt_refusal refusal;

	doorward_jwt_open(decryption, keys, &policy, token, now, claims, &refusal);
	return refusal;
}

static void
verify(const struct doorward_keyset *keys, struct doorward_buf *token, int64_t now)
{
	const struct doorward_str mine = DOORWARD_STR(AUDIENCE);
	struct doorward_claims c;
	struct doorward_str plan;
	char *last = &token->p[token->n / 2];

	doorward_claims_init(&c);
	expect(check(NULL, keys, doorward_buf_str(token), mine, now, &c) ==
		       DOORWARD_JWT_ACCEPTED,
	       "accept the token");
	expect(doorward_str_is(c.sub, "ann") &&
		       doorward_claims_has_role(&c, DOORWARD_STR("staff")),
	       "read the fixed claims");
	expect(doorward_claims_take_more(&c) == DOORWARD_ERR_OK &&
		       doorward_claims_find(&c, DOORWARD_STR("plan"), &plan) &&
		       doorward_str_is(plan, "{\"seats\":5}"),
	       "read another claim");
	expect(check(NULL, keys, doorward_buf_str(token), mine, now + 61, &c) ==
		       DOORWARD_JWT_EXPIRED,
	       "refuse an expired token");
	expect(check(NULL, keys, doorward_buf_str(token),
		     DOORWARD_STR("https://x.example"), now, &c) == DOORWARD_JWT_AUDIENCE,
	       "refuse a token for others");
	*last = *last == 'A' ? 'B' : 'A';
	expect(check(NULL, keys, doorward_buf_str(token), mine, now, &c) !=
		       DOORWARD_JWT_ACCEPTED,
	       "refuse a token that was changed");
	doorward_claims_done(&c);
}

static void
seal(struct doorward_jwk *signing, const struct doorward_keyset *keys, int64_t now)
{
	struct doorward_jwk encryption;
	struct doorward_keyset decryption;
	struct doorward_buf token, sealed;
	struct doorward_claims c;

	doorward_claims_init(&c);
	doorward_buf_init(&token, DOORWARD_JWT_MAX);
	doorward_buf_init(&sealed, DOORWARD_JWT_MAX);
	make_key("ECDH-ES", &encryption);
	publish(&encryption, DOORWARD_JWK_WHOLE, DOORWARD_KEYSET_DECRYPT, &decryption);
	issue(signing, now, &token);
	expect(doorward_jwt_seal(&encryption, doorward_buf_str(&token), &sealed) ==
		       DOORWARD_ERR_OK,
	       "encrypt");
	expect(check(&decryption, keys, doorward_buf_str(&sealed), DOORWARD_STR(AUDIENCE),
		     now, &c) == DOORWARD_JWT_ACCEPTED,
	       "decrypt and accept");
	expect(check(NULL, keys, doorward_buf_str(&sealed), DOORWARD_STR(AUDIENCE), now,
		     &c) != DOORWARD_JWT_ACCEPTED,
	       "refuse an encrypted token without a key for it");
	doorward_keyset_done(&decryption);
	doorward_jwk_done(&encryption);
	doorward_buf_done(&token);
	doorward_buf_done(&sealed);
	doorward_claims_done(&c);
}

int
main(int argc, char **argv)
{
	struct doorward_jwk key;
	struct doorward_keyset keys;
	struct doorward_buf token;
	int64_t now;

	if (argc != 2)
		return 2;
	doorward_crypto_start(false);
	expect(doorward_clock_now(&now) == DOORWARD_ERR_OK, "the clock is set");
	doorward_buf_init(&token, DOORWARD_JWT_ISSUED_MAX);
	make_key(argv[1], &key);
	publish(&key, DOORWARD_JWK_PUBLIC, DOORWARD_KEYSET_VERIFY, &keys);
	issue(&key, now, &token);
	verify(&keys, &token, now);
	seal(&key, &keys, now);
	doorward_keyset_done(&keys);
	doorward_jwk_done(&key);
	doorward_buf_done(&token);
	return EXIT_SUCCESS;
}
