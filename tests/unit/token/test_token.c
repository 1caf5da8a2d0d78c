#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64url.h"
#include "jose/alg.h"
#include "token/token.h"

#define NOW 1800000000

static char path[] = "/tmp/test_token_XXXXXX";
static struct signer signer;

#define SUBJECT "0b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"
#define SID "2b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"

static char name[255], roles[1007];

static const struct token_login usual = {
	.subject = { SUBJECT, 36 },
	.name = { "ann", 3 },
	.roles = { "member editor", 13 },
	.sid = { SID, 36 },
	.amr = { "pwd otp mfa", 11 },
	.auth_time = NOW - 100,
	.ends_at = NOW + 5000,
};

/* A key file that signs until `exp`. */
static enum err
write_key(int fd, int64_t exp)
{
	struct jwk key = { 0 };
	struct buf text;
	enum err e;

	buf_init(&text, JWK_MAX);
	e = jwk_make(alg_find(STR("ES256")), 0, CURVE_NONE, NOW - 1000, &key, NULL);
	key.exp = exp;
	if (e == ERR_OK)
		e = jwk_write(&key, JWK_WHOLE, &text);
	if (e == ERR_OK &&
	    (ftruncate(fd, 0) != 0 || pwrite(fd, text.p, text.n, 0) != (ssize_t)text.n))
		e = ERR_IO;
	jwk_done(&key);
	buf_done(&text);
	return e;
}

static int
open_signer(int64_t exp)
{
	struct signer_keys keys = { .signing = path };
	int fd;
	enum err e;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	e = write_key(fd, exp);
	close(fd);
	if (e == ERR_OK)
		e = signer_open(&signer, &keys, STR("https://a.example"),
				STR("https://b.example"), NULL);
	return e == ERR_OK ? 0 : -1;
}

static int
setup(void **state)
{
	(void)state;
	return open_signer(0);
}

static int
setup_over(void **state)
{
	(void)state;
	return open_signer(NOW - 1);
}

/* signing_alg decides, also when that means that nobody can log in. */
static void
only_a_key_of_the_named_algorithm_signs(void **state)
{
	struct signer_keys keys = { .signing = path, .alg = "ES256" };
	struct signer s;
	struct why why = { "" };

	(void)state;
	assert_int_equal(signer_open(&s, &keys, STR("a"), STR("b"), &why), ERR_OK);
	assert_non_null(signer_key(&s, NOW, &why));
	signer_close(&s);
	keys.alg = "EdDSA";
	assert_int_equal(signer_open(&s, &keys, STR("a"), STR("b"), &why), ERR_OK);
	assert_null(signer_key(&s, NOW, &why));
	assert_string_equal(why.text, "no EdDSA key may sign at this time");
	signer_close(&s);
	keys.alg = "none";
	assert_int_equal(signer_open(&s, &keys, STR("a"), STR("b"), &why),
			 ERR_UNSUPPORTED);
	signer_close(&s);
}

static int
teardown(void **state)
{
	(void)state;
	signer_close(&signer);
	unlink(path);
	return 0;
}

static enum err
issue(const struct token_login *s, int64_t life, struct buf *out, int64_t *expires_in)
{
	struct why why;

	buf_init(out, JWT_MAX);
	*expires_in = 0;
	return token_issue(&signer, s, NOW, life, out, expires_in, &why);
}

static void
issues_the_claims_of_the_session(void **state)
{
	enum jwt_refusal refusal;
	struct claims c;
	int64_t expires_in;
	struct buf token;

	(void)state;
	claims_init(&c);
	assert_int_equal(issue(&usual, 600, &token, &expires_in), ERR_OK);
	assert_int_equal(expires_in, 600);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW, &c, &refusal),
			 VERDICT_ALLOW);
	assert_true(str_is(c.iss, "https://a.example"));
	assert_true(claims_has_audience(&c, STR("https://b.example")));
	assert_true(str_is(c.sub, SUBJECT));
	assert_true(str_is(c.sid, SID));
	assert_true(str_is(c.preferred_username, "ann"));
	assert_true(str_is(c.client_id, "doorward"));
	assert_int_equal(identity_kind_of(&c), IDENTITY_LOGIN);
	assert_true(str_is(c.acr, "2fa") && c.n_amr == 3 && str_is(c.amr[1], "otp"));
	assert_int_equal(c.n_roles, 2);
	assert_true(claims_has_role(&c, STR("editor")));
	assert_int_equal(c.iat, NOW);
	assert_int_equal(c.exp, NOW + 600);
	assert_int_equal(c.auth_time, NOW - 100);
	assert_true(c.jti.n >= 22);
	claims_done(&c);
	buf_done(&token);
}

static void
lives_no_longer_than_its_session(void **state)
{
	struct token_login s = usual;
	int64_t expires_in;
	struct buf token;

	(void)state;
	s.ends_at = NOW + 60;
	assert_int_equal(issue(&s, 600, &token, &expires_in), ERR_OK);
	assert_int_equal(expires_in, 60);
	buf_done(&token);
	s.ends_at = NOW;
	assert_int_equal(issue(&s, 600, &token, &expires_in), ERR_LIMIT);
	assert_int_equal(token.n, 0);
	buf_done(&token);
}

static void
was_never_logged_in_to_in_the_future(void **state)
{
	struct token_login s = usual;
	enum jwt_refusal refusal;
	int64_t expires_in;
	struct buf token;
	struct claims c;

	(void)state;
	claims_init(&c);
	s.auth_time = NOW + 3;
	assert_int_equal(issue(&s, 600, &token, &expires_in), ERR_OK);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW, &c, &refusal),
			 VERDICT_ALLOW);
	assert_int_equal(c.auth_time, NOW);
	claims_done(&c);
	buf_done(&token);
}

static void
refuses_what_does_not_fit_a_token(void **state)
{
	struct token_login s = usual;
	int64_t expires_in;
	struct buf token;

	(void)state;
	memset(roles, 'r', 1007);
	for (int i = 1; i < 1007; i += 2)
		roles[i] = ' ';
	s.roles = (struct str){ roles, 1007 };
	assert_int_equal(issue(&s, 600, &token, &expires_in), ERR_LIMIT);
	buf_done(&token);
	memset(roles, 'r', 1007);
	memset(name, '\x01', 255);
	s.name = (struct str){ name, 255 };
	assert_int_equal(issue(&s, 600, &token, &expires_in), ERR_LIMIT);
	assert_int_equal(token.n, 0);
	buf_done(&token);
}

/* A public RSA key of `bits`, whose private one nobody knows. */
static void
write_wide_key(const char *file, size_t bits)
{
	char n[1024];
	struct buf text;
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	memset(n, 0xc5, sizeof(n));
	buf_init(&text, 4096);
	buf_addz(&text,
		 "{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP-256\",\"e\":\"AQAB\",\"n\":\"");
	base64url_encode(&text, (struct str){ n, bits / 8 });
	assert_true(buf_addz(&text, "\"}"));
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
	buf_done(&text);
}

/* What a browser gets as a cookie, or drops: the widest key, the longest user. */
static void
refuses_what_does_not_fit_a_cookie(void **state)
{
	static const struct {
		size_t bits;
		enum err e;
	} keys[] = { { 2048, ERR_OK }, { 4096, ERR_OK }, { 8192, ERR_LIMIT } };
	char file[] = "/tmp/test_token_enc_XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0 && close(fd) == 0);
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct token_login s = usual;
		struct why why = { "" };
		int64_t expires_in;
		struct buf token;

		write_wide_key(file, keys[i].bits);
		signer.encrypts = true;
		assert_int_equal(
			keyset_watch_open(&signer.encryption, file, KEYSET_ENCRYPT, &why),
			ERR_OK);
		memset(name, 'n', 255);
		memset(roles, 'r', 768);
		s.roles = (struct str){ roles, 768 };
		s.name = (struct str){ name, 255 };
		buf_init(&token, JWT_MAX);
		assert_int_equal(
			token_issue(&signer, &s, NOW, 600, &token, &expires_in, &why),
			keys[i].e);
		assert_true(token.n <= TOKEN_MAX &&
			    (token.n == 0) == (keys[i].e != ERR_OK));
		assert_true(keys[i].e == ERR_OK || strstr(why.text, "too long") != NULL);
		buf_done(&token);
		keyset_watch_close(&signer.encryption);
		signer.encrypts = false;
	}
	unlink(file);
}

/* A verifier accepts it for that long; so does a logout. */
static void
knows_its_tokens_within_the_leeway(void **state)
{
	enum jwt_refusal refusal;
	int64_t expires_in;
	struct buf token;
	struct claims c;

	(void)state;
	claims_init(&c);
	assert_int_equal(issue(&usual, 600, &token, &expires_in), ERR_OK);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW + 620, &c, &refusal),
			 VERDICT_DENY);
	signer.leeway = 30;
	assert_int_equal(token_check(&signer, buf_str(&token), NOW + 620, &c, &refusal),
			 VERDICT_ALLOW);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW - 20, &c, &refusal),
			 VERDICT_ALLOW);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW + 630, &c, &refusal),
			 VERDICT_DENY);
	claims_done(&c);
	buf_done(&token);
}

static void
refuses_without_a_key_that_signs_now(void **state)
{
	int64_t expires_in;
	struct buf token;

	(void)state;
	assert_int_equal(issue(&usual, 600, &token, &expires_in), ERR_NOT_FOUND);
	buf_done(&token);
}

static void
checks_as_strictly_as_any_verifier(void **state)
{
	enum jwt_refusal refusal;
	int64_t expires_in;
	struct buf token;
	struct claims c;

	(void)state;
	claims_init(&c);
	assert_int_equal(issue(&usual, 600, &token, &expires_in), ERR_OK);
	assert_int_equal(token_check(&signer, buf_str(&token), NOW + 600, &c, &refusal),
			 VERDICT_DENY);
	assert_int_equal(refusal, JWT_EXPIRED);
	assert_int_equal(token_check(&signer, str_sub(buf_str(&token), 0, token.n - 1),
				     NOW, &c, &refusal),
			 VERDICT_DENY);
	assert_int_equal(token_check(&signer, STR(""), NOW, &c, &refusal), VERDICT_DENY);
	claims_done(&c);
	buf_done(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_a_key_of_the_named_algorithm_signs,
						setup, teardown),
		cmocka_unit_test_setup_teardown(issues_the_claims_of_the_session, setup,
						teardown),
		cmocka_unit_test_setup_teardown(lives_no_longer_than_its_session, setup,
						teardown),
		cmocka_unit_test_setup_teardown(was_never_logged_in_to_in_the_future,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_does_not_fit_a_token, setup,
						teardown),
		cmocka_unit_test_setup_teardown(refuses_what_does_not_fit_a_cookie, setup,
						teardown),
		cmocka_unit_test_setup_teardown(knows_its_tokens_within_the_leeway, setup,
						teardown),
		cmocka_unit_test_setup_teardown(refuses_without_a_key_that_signs_now,
						setup_over, teardown),
		cmocka_unit_test_setup_teardown(checks_as_strictly_as_any_verifier, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
