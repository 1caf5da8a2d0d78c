#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "base/buf.h"
#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_decrypt.h"
#include "jose/jwe/jwe_encrypt.h"
#include "jose/jwt/jwt_unseal.h"
#include "jwe_vectors.h"

#define NOW 1800000000

static void
load(struct keyset *set, const char *json, enum keyset_purpose purpose)
{
	struct why why = { "" };

	if (keyset_parse(str_of(json), purpose, set, &why) != ERR_OK)
		fail_msg("%s", why.text);
}

/* What becomes of `token`; the plaintext goes to `out` where that is not NULL. */
static enum jwt_refusal
judge_with(const struct keyset *set, struct str token, struct buf *out)
{
	struct buf own;
	struct header h;
	enum jwt_refusal refusal = JWT_REFUSED;
	enum verdict v;

	buf_init(&own, JWE_MAX);
	v = jwe_decrypt(set, token, NOW, &h, out == NULL ? &own : out, &refusal);
	assert_int_equal(v == VERDICT_ALLOW, refusal == JWT_ACCEPTED);
	if (v != VERDICT_ALLOW)
		assert_int_equal((out == NULL ? &own : out)->n, 0);
	header_done(&h);
	buf_done(&own);
	return refusal;
}

static enum jwt_refusal
judge(const char *key, struct str token, struct buf *out)
{
	struct keyset set;
	enum jwt_refusal refusal;

	load(&set, key, KEYSET_DECRYPT);
	refusal = judge_with(&set, token, out);
	keyset_done(&set);
	return refusal;
}

static void
opens_the_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jwe_vectors); i++) {
		struct buf out;

		buf_init(&out, 4096);
		if (judge(jwe_vectors[i].key, str_of(jwe_vectors[i].token), &out) !=
		    JWT_ACCEPTED)
			fail_msg("%s", jwe_vectors[i].name);
		assert_true(str_is(buf_str(&out), jwe_vectors[i].plaintext));
		buf_done(&out);
	}
}

/* Each key opens its own token and no other. */
static void
only_the_diagonal_opens(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jwe_vectors); i++)
		for (size_t k = 0; k < COUNT(jwe_vectors); k++)
			assert_int_equal(judge(jwe_vectors[i].key,
					       str_of(jwe_vectors[k].token),
					       NULL) == JWT_ACCEPTED,
					 i == k);
}

static void
refuses_what_is_not_offered(void **state)
{
	(void)state;
	assert_int_equal(judge(jwe_vectors[0].key, str_of(rfc7516_a2), NULL),
			 JWT_UNSUPPORTED);
	assert_int_equal(judge(jwe_vectors[1].key, str_of(rfc7520_5_3), NULL),
			 JWT_UNSUPPORTED);
	assert_int_equal(judge(jwe_vectors[7].key, str_of(rfc7520_5_9), NULL),
			 JWT_HEADER);
}

/* Another character in place of the one at `at`, each of a few. */
static void
refuse_changes_at(const struct keyset *set, char *token, size_t n, size_t at)
{
	static const char others[] = "A-_.=\0\n";
	char was = token[at];

	for (size_t i = 0; i < sizeof(others) - 1; i++) {
		if (others[i] == was)
			continue;
		token[at] = others[i];
		assert_int_not_equal(judge_with(set, (struct str){ token, n }, NULL),
				     JWT_ACCEPTED);
	}
	token[at] = was;
}

static void
refuses_any_one_byte_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(jwe_vectors); i++) {
		size_t step = strstr(jwe_vectors[i].key, "RSA") != NULL ? 17 : 1;
		struct str token = str_of(jwe_vectors[i].token);
		char *copy = malloc(token.n + 2);
		struct keyset set;

		load(&set, jwe_vectors[i].key, KEYSET_DECRYPT);
		memcpy(copy, token.p, token.n + 1);
		for (size_t k = 0; k < token.n; k += step)
			refuse_changes_at(&set, copy, token.n, k);
		assert_int_equal(judge_with(&set, (struct str){ copy, token.n }, NULL),
				 JWT_ACCEPTED);
		copy[token.n] = '\n';
		assert_int_equal(
			judge_with(&set, (struct str){ copy, token.n + 1 }, NULL),
			JWT_MALFORMED);
		assert_int_not_equal(
			judge_with(&set, (struct str){ copy, token.n - 1 }, NULL),
			JWT_ACCEPTED);
		keyset_done(&set);
		free(copy);
	}
}

/* ---- tokens of our own making ---- */

static const char P256[] = "{\"kty\":\"EC\",\"use\":\"enc\",\"crv\":\"P-256\","
			   "\"x\":\"Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0\","
			   "\"y\":\"HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw\","
			   "\"d\":\"r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8\"%s}";
static const char P384[] =
	"{\"kty\":\"EC\",\"use\":\"enc\",\"crv\":\"P-384\",\"x\":"
	"\"YU4rRUzdmVqmRtWOs2OpDE_"
	"T5fsNIodcG8G5FWPrTPMyxpzsSOGaQLpe2FpxBmu2\","
	"\"y\":\"A8-yxCHxkfBz3hKZfI1jUYMjUhsEveZ9THuwFjH2sCNdtksRJU7D5-"
	"SkgaFL1ETP\","
	"\"d\":\"iTx2pk7wW-GqJkHcEkFQb2EFyYcO7RugmaW3mRrQVAOUiPommT0IdnYK2xDlZh-"
	"j\"%s}";
static const char X25519[] = "{\"kty\":\"OKP\",\"use\":\"enc\",\"crv\":\"X25519\","
			     "\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\","
			     "\"d\":\"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os\"%s}";

/* A key: its JSON with `alg`, an oct one with `octets` octets of 0x41. */
static void
make_key(struct buf *json, const char *curve, size_t octets, const char *alg)
{
	struct buf said;

	buf_init(json, 8192);
	buf_init(&said, 100);
	buf_addf(&said, ",\"alg\":\"%s\"", alg);
	if (octets > 0) {
		buf_addz(json, "{\"kty\":\"oct\",\"k\":\"");
		for (size_t i = 0; i < octets / 3; i++)
			buf_addz(json, "QUFB");
		buf_addz(json, octets % 3 == 1 ? "QQ" : octets % 3 == 2 ? "QUE" : "");
		buf_addf(json, "\"%s}", buf_z(&said));
	} else {
		struct str rest = str_of(curve);

		for (size_t at; (at = str_index(rest, '%')) < rest.n;) {
			buf_add(json, str_sub(rest, 0, at));
			buf_add(json, buf_str(&said));
			rest = str_sub(rest, at + 2, rest.n);
		}
		buf_add(json, rest);
	}
	buf_done(&said);
}

static const struct {
	const char *alg;
	const char *curve; /* or */
	size_t octets;     /* of the key; 0 for `dir`: what enc wants */
} kinds[] = {
	{ "dir", NULL, 0 },
	{ "A128KW", NULL, 16 },
	{ "A192KW", NULL, 24 },
	{ "A256KW", NULL, 32 },
	{ "A128GCMKW", NULL, 16 },
	{ "A256GCMKW", NULL, 32 },
	{ "ECDH-ES", P256, 0 },
	{ "ECDH-ES", P384, 0 },
	{ "ECDH-ES", X25519, 0 },
	{ "ECDH-ES+A128KW", P256, 0 },
	{ "ECDH-ES+A256KW", P384, 0 },
	{ "ECDH-ES+A128KW", X25519, 0 },
	{ "ECDH-ES+A256KW", X25519, 0 },
};

/* A key of kinds[i] and a token to it. */
static void
make_token(size_t i, const char *enc, const char *cty, struct str plaintext,
	   struct buf *key, struct buf *token)
{
	const struct jwe_content *content = jwe_content_find(str_of(enc));
	size_t octets = kinds[i].octets;
	struct keyset set;

	if (kinds[i].curve == NULL && octets == 0)
		octets = content->key_size;
	make_key(key, kinds[i].curve, octets, kinds[i].alg);
	buf_init(token, 65536);
	load(&set, buf_z(key), KEYSET_ENCRYPT);
	assert_int_equal(jwe_encrypt(&set.keys[0], NULL, alg_find(str_of(enc)), cty,
				     plaintext, token),
			 ERR_OK);
	keyset_done(&set);
}

static void
opens_what_it_sealed(void **state)
{
	static const struct str texts[] = { { "", 0 },
					    { "a\0b", 3 },
					    { "{\"x\":1}", 7 } };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++)
		for (size_t e = 0; jwe_content_at(e) != NULL; e++)
			for (size_t t = 0; t < COUNT(texts); t++) {
				struct buf key, token, out;

				make_token(i, jwe_content_at(e)->name, NULL, texts[t],
					   &key, &token);
				buf_init(&out, 4096);
				assert_int_equal(
					judge(buf_z(&key), buf_str(&token), &out),
					JWT_ACCEPTED);
				assert_true(str_eq(buf_str(&out), texts[t]));
				buf_done(&key);
				buf_done(&token);
				buf_done(&out);
			}
}

/* n tokens, n keys: a key of another kind never opens it. */
static void
each_kind_is_opened_by_its_own_key_only(void **state)
{
	struct buf key[COUNT(kinds)];
	struct buf token[COUNT(kinds)];

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++)
		make_token(i, "A256GCM", NULL, STR("text"), &key[i], &token[i]);
	for (size_t i = 0; i < COUNT(kinds); i++)
		for (size_t k = 0; k < COUNT(kinds); k++)
			assert_int_equal(judge(buf_z(&key[i]), buf_str(&token[k]),
					       NULL) == JWT_ACCEPTED,
					 i == k);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		buf_done(&key[i]);
		buf_done(&token[i]);
	}
}

/* A token whose header is `json` and whose other parts are given encoded. */
static enum jwt_refusal
judge_header(const char *key, const char *json, const char *rest)
{
	struct buf token;
	enum jwt_refusal r;

	buf_init(&token, 8192);
	base64url_encode(&token, str_of(json));
	buf_addz(&token, rest);
	r = judge(key, buf_str(&token), NULL);
	buf_done(&token);
	return r;
}

#define KEY16 "{\"kty\":\"oct\",\"alg\":\"A128KW\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"}"
#define DIR16 "{\"kty\":\"oct\",\"alg\":\"dir\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"}"
#define GCM16 "{\"kty\":\"oct\",\"alg\":\"A128GCMKW\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"}"
#define REST                                                                             \
	".CBI6oDw8MydIx1IBntf_lQcw2MmJKIQx.Qx0pmsDa8KnJc9Jo.AAAA.ER7MWJZ1FBI_NKvn7Zb1Lw"
#define BARE "..Qx0pmsDa8KnJc9Jo.AAAA.ER7MWJZ1FBI_NKvn7Zb1Lw"

static void
refuses_headers(void **state)
{
	static const struct {
		const char *json;
		enum jwt_refusal refusal;
	} cases[] = {
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}", JWT_DECRYPTION },
		{ "{\"alg\":\"A128KW\"}", JWT_HEADER },
		{ "{\"enc\":\"A128GCM\"}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}",
		  JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"crit\":[\"exp\"]}",
		  JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"jwk\":{}}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"jku\":\"x\"}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"x5c\":[]}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\",\"x5u\":\"x\"}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":7}", JWT_HEADER },
		{ "{\"alg\":\"A128KW\",\"enc\":\"A128KW\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"A128GCM\",\"enc\":\"A128GCM\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"none\",\"enc\":\"A128GCM\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\"}",
		  JWT_UNSUPPORTED },
		{ "{\"alg\":\"A128KW\",\"enc\":\"XC20P\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"a128kw\",\"enc\":\"A128GCM\"}", JWT_UNSUPPORTED },
		{ "{\"alg\":\"A256KW\",\"enc\":\"A128GCM\"}", JWT_ALGORITHM },
		{ "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", JWT_ALGORITHM },
		{ "{\"alg\":\"A128GCMKW\",\"enc\":\"A128GCM\"}", JWT_ALGORITHM },
		{ "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\"}", JWT_ALGORITHM },
		{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\"}", JWT_ALGORITHM },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (judge_header(KEY16, cases[i].json, REST) != cases[i].refusal)
			fail_msg("%s", cases[i].json);
}

static void
refuses_parts(void **state)
{
	static const char header[] = "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}";
	static const struct {
		const char *rest;
		enum jwt_refusal refusal;
	} cases[] = {
		{ "", JWT_MALFORMED },
		{ "...", JWT_MALFORMED },
		{ REST ".", JWT_MALFORMED },
		{ "....", JWT_DECRYPTION },
		{ ".A.Qx0pmsDa8KnJc9Jo.AAAA.ER7MWJZ1FBI_NKvn7Zb1Lw", JWT_MALFORMED },
		{ ".AAAA.Qx0pmsDa8KnJc9Jo.AAAA.ER7MWJZ1FBI_NKvn7Zb1Lw", JWT_DECRYPTION },
		{ ".CBI6oDw8MydIx1IBntf_lQcw2MmJKIQx=.AAAA.AAAA.AAAA", JWT_MALFORMED },
		{ ".CBI6oDw8MydIx1IBntf_lQcw2MmJKIQx.AAAA.AAAA.AAAA", JWT_DECRYPTION },
		{ ".CBI6oDw8MydIx1IBntf/lQcw2MmJKIQx.AAAA.AAAA.AAAA", JWT_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (judge_header(KEY16, header, cases[i].rest) != cases[i].refusal)
			fail_msg("%s", cases[i].rest);
}

static void
refuses_an_encrypted_key_where_there_is_none(void **state)
{
	static const char dir[] = "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}";

	(void)state;
	assert_int_equal(judge_header(DIR16, dir, BARE), JWT_DECRYPTION);
	assert_int_equal(judge_header(DIR16, dir, REST), JWT_MALFORMED);
}

static void
refuses_a_direct_key_of_another_size(void **state)
{
	(void)state;
	assert_int_equal(
		judge_header(DIR16, "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", BARE),
		JWT_ALGORITHM);
	assert_int_equal(
		judge_header(DIR16, "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}", BARE),
		JWT_ALGORITHM);
}

/* A key that says A128GCM is for dir with that enc, and nothing else. */
static void
honours_an_enc_that_the_key_names(void **state)
{
	static const char key[] = "{\"kty\":\"oct\",\"alg\":\"A256GCM\",\"k\":"
				  "\"qC57l_uxcm7Nm3K-ct4GFjx8tM1U8CZ0NLBvdQstiS8\"}";

	(void)state;
	assert_int_equal(judge_header(key, "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", BARE),
			 JWT_DECRYPTION);
	assert_int_equal(
		judge_header(key, "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}", BARE),
		JWT_ALGORITHM);
	assert_int_equal(
		judge_header(key, "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\"}", REST),
		JWT_ALGORITHM);
}

static void
refuses_gcmkw_headers(void **state)
{
	static const struct {
		const char *more;
		enum jwt_refusal refusal;
	} cases[] = {
		{ ",\"iv\":\"KkYT0GX_2jHlfqN_\",\"tag\":\"kfPduVQ3T3H6vnewt--ksw\"",
		  JWT_DECRYPTION },
		{ "", JWT_HEADER },
		{ ",\"iv\":\"KkYT0GX_2jHlfqN_\"", JWT_HEADER },
		{ ",\"tag\":\"kfPduVQ3T3H6vnewt--ksw\"", JWT_HEADER },
		{ ",\"iv\":7,\"tag\":\"kfPduVQ3T3H6vnewt--ksw\"", JWT_HEADER },
		{ ",\"iv\":\"KkYT0GX_2jHlfqN=\",\"tag\":\"kfPduVQ3T3H6vnewt--ksw\"",
		  JWT_HEADER },
		{ ",\"iv\":\"KkYT0GX_2jHlfqN_\",\"tag\":\"kfPduVQ3T3H6vnewt--ksx\"",
		  JWT_HEADER },
		{ ",\"iv\":\"\",\"tag\":\"\"", JWT_DECRYPTION },
		{ ",\"iv\":\"KkYT0GX_2jHlfqN_\",\"tag\":\"kfPduVQ3\"", JWT_DECRYPTION },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf json;

		buf_init(&json, 1024);
		buf_addf(&json, "{\"alg\":\"A128GCMKW\",\"enc\":\"A128GCM\"%s}",
			 cases[i].more);
		if (judge_header(GCM16, buf_z(&json),
				 ".AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAA"
				 "AAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAA"
				 "A") != cases[i].refusal)
			fail_msg("%s", cases[i].more);
		buf_done(&json);
	}
}

#define X256 "\"x\":\"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA\""
#define Y256 "\"y\":\"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs\""
#define BOB                                                                              \
	"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"hSDwCYkwp1R0i33ctD73Wg2_"           \
	"Og0mOBr066SpjqqbTmo\"}"

static void
refuses_ephemeral_keys(void **state)
{
	static const struct {
		const char *more;
		enum jwt_refusal refusal;
	} cases[] = {
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "," Y256 "}",
		  JWT_DECRYPTION },
		{ "", JWT_HEADER },
		{ ",\"epk\":null", JWT_HEADER },
		{ ",\"epk\":\"x\"", JWT_HEADER },
		{ ",\"epk\":{}", JWT_HEADER },
		{ ",\"epk\":[]", JWT_HEADER },
		/* off the curve */
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
		  ",\"y\":\"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irt\"}",
		  JWT_HEADER },
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
		  ",\"y\":\"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Ir8\"}",
		  JWT_HEADER },
		/* infinity */
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}",
		  JWT_HEADER },
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
		  "\"AAAAAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAA\",\"y\":"
		  "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
		  "}",
		  JWT_HEADER },
		/* with a private part */
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "," Y256
		  ",\"d\":\"AtH35vJsQ9SGjYfOsjUxYXQKrPH3FjZHmEtSKoSN8cM\"}",
		  JWT_HEADER },
		/* of another curve or type */
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-384\"," X256 "," Y256 "}",
		  JWT_HEADER },
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":"
		  "\"uBo4kHPw6kbjx5l0xowrd_"
		  "oYzBmaz-GKFZu4xAFFkbYiWgutEK6iuEDsQ6wNdNg3\",\"y\":"
		  "\"sp3p5SGhZVC2faXumI-"
		  "e9JU2Mo8KpoYrFDr5yPNVtW4PgEwZOyQTA-JdaY8tb7E0\"}",
		  JWT_HEADER },
		{ ",\"epk\":" BOB, JWT_HEADER },
		{ ",\"epk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}", JWT_HEADER },
		/* without what it needs */
		{ ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "}", JWT_HEADER },
		{ ",\"epk\":{\"crv\":\"P-256\"," X256 "," Y256 "}", JWT_HEADER },
		{ ",\"epk\":{\"kty\":\"EC\"," X256 "," Y256 "}", JWT_HEADER },
		/* apu and apv */
		{ ",\"apu\":\"QWxpY2U\",\"apv\":\"Qm9i\",\"epk\":{\"kty\":\"EC\","
		  "\"crv\":\"P-256\"," X256 "," Y256 "}",
		  JWT_DECRYPTION },
		{ ",\"apu\":7,\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "," Y256
		  "}",
		  JWT_HEADER },
		{ ",\"apv\":\"Qm9\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
		  "," Y256 "}",
		  JWT_HEADER },
		{ ",\"apv\":\"Q\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," X256
		  "," Y256 "}",
		  JWT_HEADER },
	};
	struct buf key;

	(void)state;
	make_key(&key, P256, 0, "ECDH-ES");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf json;

		buf_init(&json, 4096);
		buf_addf(&json, "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\"%s}",
			 cases[i].more);
		if (judge_header(buf_z(&key), buf_z(&json), BARE) != cases[i].refusal)
			fail_msg("%s", cases[i].more);
		buf_done(&json);
	}
	assert_int_equal(judge_header(buf_z(&key),
				      "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"epk\":{"
				      "\"kty\":\"EC\",\"crv\":\"P-256\"," X256 "," Y256
				      "}}",
				      REST),
			 JWT_MALFORMED);
	buf_done(&key);
}

static void
refuses_an_x25519_point_of_small_order(void **state)
{
	struct buf key;

	(void)state;
	make_key(&key, X25519, 0, "ECDH-ES");
	assert_int_equal(judge_header(buf_z(&key),
				      "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\","
				      "\"epk\":" BOB "}",
				      BARE),
			 JWT_DECRYPTION);
	assert_int_equal(judge_header(buf_z(&key),
				      "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"epk\":{"
				      "\"kty\":\"OKP\","
				      "\"crv\":\"X25519\",\"x\":"
				      "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				      "AAAA\"}}",
				      BARE),
			 JWT_HEADER);
	buf_done(&key);
}

static void
takes_the_whole_family_where_the_key_names_no_alg(void **state)
{
	struct buf key, named, token;
	struct keyset set;

	(void)state;
	buf_init(&key, 4096);
	buf_init(&token, 4096);
	buf_addf(&key, X25519, "");
	make_key(&named, X25519, 0, "ECDH-ES+A128KW");
	load(&set, buf_z(&key), KEYSET_ENCRYPT);
	assert_int_equal(jwe_encrypt(&set.keys[0], alg_find(STR("ECDH-ES+A256KW")), NULL,
				     NULL, STR("text"), &token),
			 ERR_OK);
	assert_int_equal(judge(buf_z(&key), buf_str(&token), NULL), JWT_ACCEPTED);
	assert_int_equal(judge(buf_z(&named), buf_str(&token), NULL), JWT_ALGORITHM);
	assert_int_equal(jwe_encrypt(&set.keys[0], alg_find(STR("A256KW")), NULL, NULL,
				     STR("text"), &token),
			 ERR_SYNTAX);
	keyset_done(&set);
	buf_done(&key);
	buf_done(&named);
	buf_done(&token);
}

static void
seals_nothing_with_what_is_offered_to_read_only(void **state)
{
	struct buf token;
	struct keyset set;

	(void)state;
	buf_init(&token, 4096);
	load(&set, jwe_vectors[0].key, KEYSET_ENCRYPT);
	assert_int_equal(jwe_encrypt(&set.keys[0], NULL, NULL, NULL, STR("text"), &token),
			 ERR_UNSUPPORTED);
	assert_int_equal(token.n, 0);
	keyset_done(&set);
	buf_done(&token);
}

static void
two_sealings_have_nothing_in_common(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct buf key, one, two;
		struct str a, b;

		make_token(i, "A128CBC-HS256", NULL, STR("text"), &key, &one);
		buf_done(&key);
		make_token(i, "A128CBC-HS256", NULL, STR("text"), &key, &two);
		a = buf_str(&one);
		b = buf_str(&two);
		for (int part = 0; part < 5; part++) {
			struct str p = str_cut(&a, '.');
			struct str q = str_cut(&b, '.');

			if (part >= 2)
				assert_false(str_eq(p, q));
		}
		buf_done(&key);
		buf_done(&one);
		buf_done(&two);
	}
}

static void
unseals_only_what_says_that_a_jwt_is_inside(void **state)
{
	static const struct {
		const char *cty;
		enum jwt_refusal refusal;
	} cases[] = { { "JWT", JWT_ACCEPTED },
		      { "jwt", JWT_ACCEPTED },
		      { NULL, JWT_TYPE },
		      { "", JWT_TYPE },
		      { "text/plain", JWT_TYPE } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf key, token, out;
		struct keyset set;
		enum jwt_refusal refusal;

		make_token(1, "A128GCM", cases[i].cty, STR("a.b.c"), &key, &token);
		load(&set, buf_z(&key), KEYSET_DECRYPT);
		buf_init(&out, JWT_MAX);
		assert_int_equal(jwt_unseal(&set, buf_str(&token), NOW, &out, &refusal),
				 cases[i].refusal == JWT_ACCEPTED ? VERDICT_ALLOW
								  : VERDICT_DENY);
		assert_int_equal(refusal, cases[i].refusal);
		assert_int_equal(out.n, refusal == JWT_ACCEPTED ? 5 : 0);
		keyset_done(&set);
		buf_done(&key);
		buf_done(&token);
		buf_done(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_the_examples),
		cmocka_unit_test(only_the_diagonal_opens),
		cmocka_unit_test(refuses_what_is_not_offered),
		cmocka_unit_test(refuses_any_one_byte_change),
		cmocka_unit_test(opens_what_it_sealed),
		cmocka_unit_test(each_kind_is_opened_by_its_own_key_only),
		cmocka_unit_test(refuses_headers),
		cmocka_unit_test(refuses_parts),
		cmocka_unit_test(refuses_an_encrypted_key_where_there_is_none),
		cmocka_unit_test(refuses_a_direct_key_of_another_size),
		cmocka_unit_test(honours_an_enc_that_the_key_names),
		cmocka_unit_test(refuses_gcmkw_headers),
		cmocka_unit_test(refuses_ephemeral_keys),
		cmocka_unit_test(refuses_an_x25519_point_of_small_order),
		cmocka_unit_test(takes_the_whole_family_where_the_key_names_no_alg),
		cmocka_unit_test(seals_nothing_with_what_is_offered_to_read_only),
		cmocka_unit_test(two_sealings_have_nothing_in_common),
		cmocka_unit_test(unseals_only_what_says_that_a_jwt_is_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
