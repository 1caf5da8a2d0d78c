#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jose/jws/jws_verify.h"
#include "token/client_token.h"

#define NOW 1800000000
#define SITE "https://site.example"
#define SUBJECT "0b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"
#define SID "2b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"

/* A directory with a key of the site, and one that many clients want. */
static const char *const algs[] = { "ES256", "RS256" };
static char directory[64], paths[COUNT(algs)][128];
static struct signer signer;
static struct claims got;

static const struct client_token usual = {
	.client = { "app", 3 },
	.subject = { SUBJECT, 36 },
	.sid = { SID, 36 },
	.amr = { "pwd otp mfa", 11 },
	.auth_time = NOW - 100,
	.scope = { "openid email", 12 },
	.roles = { "member editor", 13 },
	.nonce = { "n-\"1\\", 5 },
};

static enum err
write_key(const char *path, const char *alg)
{
	struct jwk key = { 0 };
	struct buf text;
	enum err e =
		jwk_make(alg_find(str_of(alg)), 0, CURVE_NONE, NOW - 1000, &key, NULL);
	FILE *f = fopen(path, "w");

	buf_init(&text, JWK_MAX);
	if (e == ERR_OK)
		e = jwk_write(&key, JWK_WHOLE, &text);
	if (f == NULL || chmod(path, 0600) != 0 || fputs(buf_z(&text), f) < 0 ||
	    fclose(f) != 0)
		e = ERR_IO;
	jwk_done(&key);
	buf_done(&text);
	return e;
}

static int
setup(void **state)
{
	const struct signer_keys keys = { .signing = directory, .alg = "ES256" };

	(void)state;
	claims_init(&got);
	strcpy(directory, "/tmp/doorward-client-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	for (size_t i = 0; i < COUNT(algs); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s.jwk", directory, algs[i]);
		if (write_key(paths[i], algs[i]) != ERR_OK)
			return -1;
	}
	return signer_open(&signer, &keys, STR(SITE), STR(SITE), NULL) == ERR_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	claims_done(&got);
	signer_close(&signer);
	for (size_t i = 0; i < COUNT(algs); i++)
		unlink(paths[i]);
	return rmdir(directory);
}

static struct buf
access_token(const struct client_token *t)
{
	struct buf out;
	struct why why = { "" };

	buf_init(&out, CLIENT_TOKEN_MAX);
	assert_int_equal(client_token_sign(&signer, t, STR(SITE), NOW, 600, &out, &why),
			 ERR_OK);
	return out;
}

static struct buf
id_token(const struct client_token *t)
{
	struct claims more;
	struct buf out;
	struct why why = { "" };

	claims_init(&more);
	buf_init(&out, CLIENT_TOKEN_MAX);
	assert_int_equal(claims_add(&more, STR("email"), STR("\"a@b.example\"")), ERR_OK);
	assert_int_equal(id_token_sign(&signer, t, &more, NOW, 600, &out, &why), ERR_OK);
	claims_done(&more);
	return out;
}

/* The token with its signature verified, whatever it is for, in `got`. */
static void
verify(struct buf *token, const char *typ, const char *audience)
{
	const struct jwt_policy policy = { .issuer = STR(SITE),
					   .audience = str_of(audience),
					   .typ = str_of(typ) };
	enum jwt_refusal refusal;

	jwt_verify(keyset_watch_now(&signer.keys), &policy, buf_str(token), NOW, &got,
		   &refusal);
	assert_int_equal(refusal, JWT_ACCEPTED);
	assert_int_equal(claims_take_more(&got), ERR_OK);
	buf_done(token);
}

static void
an_access_token_says_a_scope_and_no_roles(void **state)
{
	struct buf token = access_token(&usual);

	(void)state;
	verify(&token, "at+jwt", SITE "/oauth");
	assert_int_equal(got.n_aud, 1);
	assert_true(str_is(got.sub, SUBJECT) && str_is(got.sid, SID));
	assert_true(str_is(got.client_id, "app") && str_is(got.scope, "openid email"));
	assert_int_equal(identity_kind_of(&got), IDENTITY_CLIENT);
	assert_int_equal(got.n_roles + got.n_amr + got.n_more, 0);
	assert_false(got.has_auth_time || got.acr.n > 0);
	assert_true(got.iat == NOW && got.exp == NOW + 600 && got.jti.n >= 22);
}

static void
another_audience_hears_the_roles_and_how_the_person_logged_in(void **state)
{
	struct client_token t = usual;
	struct buf token;

	(void)state;
	t.audience = STR("https://api.example");
	token = access_token(&t);
	verify(&token, "at+jwt", "https://api.example");
	assert_int_equal(got.n_aud, 1);
	assert_true(got.n_roles == 2 && claims_has_role(&got, STR("editor")));
	assert_true(str_is(got.acr, "2fa") && got.auth_time == NOW - 100);
}

static void
an_id_token_is_signed_by_the_algorithm_that_the_client_wants(void **state)
{
	struct client_token t = usual;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct header h = { 0 };
		struct buf token, payload;

		t.alg = i < 2 ? alg_find(str_of(algs[i])) : NULL;
		token = id_token(&t);
		buf_init(&payload, JWT_MAX);
		assert_int_equal(jws_peek(buf_str(&token), &h, &payload), JWT_ACCEPTED);
		assert_string_equal(h.alg->name, i < 2 ? algs[i] : "ES256");
		buf_done(&payload);
		header_done(&h);
		verify(&token, "JWT", "app");
		assert_true(str_is(got.sub, SUBJECT) && str_is(got.sid, SID));
		assert_true(str_is(got.acr, "2fa") && got.n_amr == 3);
		assert_int_equal(got.auth_time, NOW - 100);
		assert_int_equal(got.exp, NOW + 600);
		assert_int_equal(got.n_roles + got.scope.n + got.client_id.n, 0);
		assert_int_equal(got.n_more, 2);
		assert_true(str_is(got.more[0].json, "\"a@b.example\""));
		assert_true(str_is(got.more[1].json, "\"n-\\\"1\\\\\""));
	}
}

static void
without_a_nonce_it_has_none(void **state)
{
	struct client_token t = usual;
	struct buf token;

	(void)state;
	t.nonce = STR("");
	t.auth_time = NOW + 3; /* nobody logs in in the future */
	token = id_token(&t);
	verify(&token, "JWT", "app");
	assert_int_equal(got.n_more, 1);
	assert_int_equal(got.auth_time, NOW);
}

static void
a_missing_key_is_known_before_anything_is_signed(void **state)
{
	const struct alg *eddsa = alg_find(STR("EdDSA"));
	struct client_token t = usual;
	struct why why = { "" };
	struct claims more;
	struct buf out;

	(void)state;
	assert_ptr_equal(signer_key_of(&signer, NULL, NOW, &why),
			 signer_key(&signer, NOW, &why));
	assert_non_null(signer_key_of(&signer, alg_find(STR("RS256")), NOW, &why));
	assert_null(signer_key_of(&signer, eddsa, NOW, &why));
	assert_string_equal(why.text, "no EdDSA key may sign at this time");
	t.alg = eddsa;
	claims_init(&more);
	buf_init(&out, CLIENT_TOKEN_MAX);
	assert_int_equal(id_token_sign(&signer, &t, &more, NOW, 600, &out, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(out.n, 0);
	claims_done(&more);
	buf_done(&out);
}

static enum jwt_refusal
check(struct buf *token, int64_t now)
{
	enum jwt_refusal refusal;
	enum verdict v = client_token_check(&signer, buf_str(token), now, &got, &refusal);

	assert_int_equal(v == VERDICT_ALLOW, refusal == JWT_ACCEPTED);
	assert_int_equal(got.sub.n > 0, v == VERDICT_ALLOW);
	return refusal;
}

static void
an_access_token_can_be_given_back_whatever_its_audience(void **state)
{
	struct client_token t = usual;
	struct buf token;

	(void)state;
	for (int i = 0; i < 2; i++) {
		t.audience = i == 0 ? STR("") : STR("https://api.example");
		token = access_token(&t);
		assert_int_equal(check(&token, NOW), JWT_ACCEPTED);
		assert_true(str_is(got.client_id, "app") && str_is(got.sid, SID));
		assert_int_equal(check(&token, NOW + 600), JWT_EXPIRED);
		assert_int_equal(check(&token, NOW - 10), JWT_NOT_YET);
		token.p[token.n - 3] = token.p[token.n - 3] == 'A' ? 'B' : 'A';
		assert_int_not_equal(check(&token, NOW), JWT_ACCEPTED);
		buf_done(&token);
	}
}

static void
an_id_token_and_a_login_are_no_access_tokens_of_a_client(void **state)
{
	const struct token_login login = { .subject = usual.subject,
					   .sid = usual.sid,
					   .ends_at = NOW + 100 };
	struct client_token t = usual;
	enum jwt_refusal refusal;
	struct why why = { "" };
	struct buf token;
	int64_t life;

	(void)state;
	t.client =
		STR(SITE); /* no client has such a name; its typ would still refuse it */
	token = id_token(&t);
	assert_int_equal(check(&token, NOW), JWT_TYPE);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW, &got, &refusal),
			 VERDICT_DENY);
	assert_int_equal(refusal, JWT_TYPE);
	buf_clear(&token);
	assert_int_equal(token_issue(&signer, &login, NOW, 60, &token, &life, &why),
			 ERR_OK);
	assert_int_equal(check(&token, NOW), JWT_CLAIMS);
	buf_done(&token);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static char nonce[CLAIMS_MORE_BYTES];
	struct client_token t = usual;
	struct claims more;
	struct why why = { "" };
	struct buf out;

	(void)state;
	memset(nonce, 'n', sizeof(nonce));
	claims_init(&more);
	buf_init(&out, CLIENT_TOKEN_MAX);
	t.nonce = (struct str){ nonce, sizeof(nonce) };
	assert_int_equal(id_token_sign(&signer, &t, &more, NOW, 600, &out, &why),
			 ERR_LIMIT);
	t.amr = STR("1 2 3 4 5 6 7 8 9");
	t.audience = STR("https://api.example");
	assert_int_equal(client_token_sign(&signer, &t, STR(SITE), NOW, 600, &out, &why),
			 ERR_LIMIT);
	assert_int_equal(out.n, 0);
	claims_done(&more);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_access_token_says_a_scope_and_no_roles),
		cmocka_unit_test(
			another_audience_hears_the_roles_and_how_the_person_logged_in),
		cmocka_unit_test(
			an_id_token_is_signed_by_the_algorithm_that_the_client_wants),
		cmocka_unit_test(without_a_nonce_it_has_none),
		cmocka_unit_test(a_missing_key_is_known_before_anything_is_signed),
		cmocka_unit_test(an_access_token_can_be_given_back_whatever_its_audience),
		cmocka_unit_test(
			an_id_token_and_a_login_are_no_access_tokens_of_a_client),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
