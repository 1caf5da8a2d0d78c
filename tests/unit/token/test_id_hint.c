#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jose/alg.h"
#include "jose/jws/jws_sign.h"
#include "token/id_hint.h"

#define NOW 1800000000
#define ISSUER "https://a.example"
#define SUBJECT "0b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"

static char directory[] = "/tmp/test_id_hint_XXXXXX";
static struct signer signer;
static struct buf token;
static struct id_hint hint;

/* A key file of this algorithm in `directory`. */
static void
write_key(const char *alg, int64_t exp)
{
	struct jwk key = { 0 };
	struct buf text, path;
	FILE *f;

	buf_init(&text, JWK_MAX);
	buf_init(&path, 256);
	assert_int_equal(
		jwk_make(alg_find(str_of(alg)), 0, CURVE_NONE, NOW - 1000, &key, NULL),
		ERR_OK);
	key.exp = exp;
	assert_int_equal(jwk_write(&key, JWK_WHOLE, &text), ERR_OK);
	buf_addf(&path, "%s/%s.jwk", directory, alg);
	umask(077);
	assert_non_null(f = fopen(buf_z(&path), "w"));
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
	jwk_done(&key);
	buf_done(&text);
	buf_done(&path);
}

static int
setup(void **state)
{
	struct signer_keys keys = { .signing = directory };

	(void)state;
	memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
	assert_non_null(mkdtemp(directory));
	write_key("ES256", 0);
	write_key("RS256", 0);
	buf_init(&token, JWT_MAX * 2);
	return signer_open(&signer, &keys, STR(ISSUER), STR(ISSUER), NULL) == ERR_OK ? 0
										     : -1;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "ES256", "RS256" };
	char path[256];

	(void)state;
	signer_close(&signer);
	buf_done(&token);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s.jwk", directory, names[i]);
		unlink(path);
	}
	return rmdir(directory);
}

/* A token of these claims, signed with our key of `alg`. */
static struct str
sign(const char *alg, const char *typ, const char *claims)
{
	struct jwk *key = keyset_signing_key(keyset_watch_now(&signer.keys),
					     alg_find(str_of(alg)), NOW, NULL);

	assert_non_null(key);
	buf_clear(&token);
	assert_int_equal(jws_sign(key, typ, str_of(claims), &token), ERR_OK);
	return buf_str(&token);
}

static enum jwt_refusal
read_at(struct str text, int64_t now)
{
	enum jwt_refusal refusal = JWT_REFUSED;
	enum verdict v = id_hint_read(&signer, text, now, &hint, &refusal);

	assert_int_equal(v == VERDICT_ALLOW, refusal == JWT_ACCEPTED);
	if (v == VERDICT_DENY)
		assert_int_equal(hint.user.n + hint.client.n + hint.sid.n, 0);
	return refusal;
}

static enum jwt_refusal
read_hint(const char *typ, const char *claims)
{
	enum jwt_refusal refusal = read_at(sign("RS256", typ, claims), NOW);

	id_hint_done(&hint);
	return refusal;
}

#define TIMES "\"iat\":1799999000,\"exp\":1799999600"
#define GOOD                                                                             \
	"{\"iss\":\"" ISSUER "\",\"sub\":\"" SUBJECT                                     \
	"\",\"aud\":\"wiki\",\"sid\":\"abc\"," TIMES "}"

static void
says_whose_it_is_long_after_it_has_expired(void **state)
{
	static const char *const algs[] = { "RS256", "ES256" };

	(void)state;
	for (size_t i = 0; i < sizeof(algs) / sizeof(*algs); i++) {
		assert_int_equal(read_at(sign(algs[i], NULL, GOOD), NOW + 86400 * 400),
				 JWT_ACCEPTED);
		assert_true(str_is(hint.user, SUBJECT));
		assert_true(str_is(hint.client, "wiki"));
		assert_true(str_is(hint.sid, "abc"));
		id_hint_done(&hint);
	}
	assert_int_equal(read_hint("JWT", GOOD), JWT_ACCEPTED);
}

static void
refuses_an_access_token(void **state)
{
	(void)state;
	assert_int_equal(read_hint("at+jwt", GOOD), JWT_TYPE);
	assert_int_equal(read_hint("application/at+jwt", GOOD), JWT_TYPE);
	assert_int_equal(read_hint("logout+jwt", GOOD), JWT_TYPE);
	assert_int_equal(read_hint("", GOOD), JWT_TYPE);
}

static void
refuses_claims_that_are_not_those_of_one_of_our_clients(void **state)
{
#define WITH(iss, sub, aud, sid, times)                                                  \
	"{\"iss\":" iss ",\"sub\":" sub ",\"aud\":" aud ",\"sid\":" sid "," times "}"
#define OURS "\"" ISSUER "\""
#define ANN "\"" SUBJECT "\""
	static const struct {
		const char *claims;
		enum jwt_refusal refusal;
	} cases[] = {
		{ WITH("\"https://b.example\"", ANN, "\"wiki\"", "\"abc\"", TIMES),
		  JWT_ISSUER },
		{ WITH("\"\"", ANN, "\"wiki\"", "\"abc\"", TIMES), JWT_ISSUER },
		{ WITH(OURS, "\"ann\"", "\"wiki\"", "\"abc\"", TIMES), JWT_CLAIMS },
		{ WITH(OURS, "\"\"", "\"wiki\"", "\"abc\"", TIMES), JWT_CLAIMS },
		{ WITH(OURS, ANN, "[]", "\"abc\"", TIMES), JWT_AUDIENCE },
		{ WITH(OURS, ANN, "\"\"", "\"abc\"", TIMES), JWT_AUDIENCE },
		{ WITH(OURS, ANN, "[\"wiki\",\"shop\"]", "\"abc\"", TIMES),
		  JWT_AUDIENCE },
		{ WITH(OURS, ANN, "\"wiki\"", "\"\"", TIMES), JWT_CLAIMS },
		{ WITH(OURS, ANN, "\"wiki\"", "7", TIMES), JWT_CLAIMS },
		{ WITH(OURS, ANN, "\"wiki\"", "\"abc\"", "\"exp\":1"), JWT_CLAIMS },
		{ WITH(OURS, ANN, "\"wiki\"", "\"abc\"", "\"iat\":1"), JWT_CLAIMS },
		{ WITH(OURS, ANN, "\"wiki\"", "\"abc\"",
		       "\"iat\":1800000001,\"exp\":1800000600"),
		  JWT_NOT_YET },
		{ "[]", JWT_CLAIMS },
		{ "{}", JWT_CLAIMS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(read_hint(NULL, cases[i].claims), cases[i].refusal);
}

static void
refuses_what_no_key_of_ours_has_signed(void **state)
{
	struct str text = sign("RS256", NULL, GOOD);

	(void)state;
	token.p[text.n - 8] = token.p[text.n - 8] == 'A' ? 'B' : 'A';
	assert_int_equal(read_at(text, NOW), JWT_SIGNATURE);
	id_hint_done(&hint);
	assert_int_equal(read_at(STR("a.b"), NOW), JWT_MALFORMED);
	id_hint_done(&hint);
	assert_int_equal(read_at(STR(""), NOW), JWT_MALFORMED);
	id_hint_done(&hint);
	/* {"alg":"none"} */
	assert_int_equal(read_at(STR("eyJhbGciOiJub25lIn0.e30."), NOW), JWT_UNSUPPORTED);
	id_hint_done(&hint);
	for (buf_clear(&token); token.n <= JWT_MAX;)
		buf_addc(&token, 'a');
	assert_int_equal(read_at(buf_str(&token), NOW), JWT_TOO_LONG);
	id_hint_done(&hint);
}

static void
decides_nothing_without_keys(void **state)
{
	struct str text = sign("RS256", NULL, GOOD);

	(void)state;
	signer.keys.good = false;
	keyset_watch_close(&signer.keys);
	assert_int_equal(read_at(text, NOW), JWT_FAILED);
	id_hint_done(&hint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			says_whose_it_is_long_after_it_has_expired, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_an_access_token, setup, teardown),
		cmocka_unit_test_setup_teardown(
			refuses_claims_that_are_not_those_of_one_of_our_clients, setup,
			teardown),
		cmocka_unit_test_setup_teardown(refuses_what_no_key_of_ours_has_signed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(decides_nothing_without_keys, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
