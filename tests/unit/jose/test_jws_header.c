#include "jws_fixture.h"

/* A header of `json`, properly signed by the HS256 key. */
static void
sign_header(struct str json, struct buf *out)
{
	unsigned char mac[32];

	buf_init(out, JWS_MAX);
	base64url_encode(out, json);
	buf_addz(out, ".e30");
	assert_int_equal(mac_sha256(buf_str(&keys[0].secret), buf_str(out), mac), ERR_OK);
	buf_addc(out, '.');
	base64url_encode(out, (struct str){ (char *)mac, sizeof(mac) });
}

static enum jwt_refusal
verify_header(struct str json)
{
	struct keyset set;
	enum jwt_refusal r;
	struct buf token;

	verifying_set(&keys[0], &set);
	sign_header(json, &token);
	r = verify(&set, buf_str(&token), NULL);
	buf_done(&token);
	keyset_done(&set);
	return r;
}

static void
header_is_strict_json(void **state)
{
	(void)state;
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\"}")), JWT_ACCEPTED);
	assert_int_equal(verify_header(STR(" {\"alg\"\t:\r\n\"HS256\"} ")), JWT_ACCEPTED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\",\"alg\":\"HS256\"}")),
			 JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}")),
			 JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\"} x")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\"}{}")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\"}\0")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\\u0000\"}")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("\xef\xbb\xbf{\"alg\":\"HS256\"}")),
			 JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\",\"x\":\"\xff\"}")),
			 JWT_MALFORMED);
	assert_int_equal(verify_header(STR("[\"alg\",\"HS256\"]")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("\"HS256\"")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("")), JWT_MALFORMED);
	assert_int_equal(verify_header(STR("{\"alg\":\"HS256\",\"x\":[[[[[[]]]]]]}")),
			 JWT_MALFORMED);
}

static void
header_needs_an_algorithm_of_ours(void **state)
{
	static const char *const unsupported[] = {
		"{\"alg\":\"none\"}",    "{\"alg\":\"None\"}",     "{\"alg\":\"NONE\"}",
		"{\"alg\":\"nOnE\"}",    "{\"alg\":\"\"}",         "{\"alg\":\"hs256\"}",
		"{\"alg\":\"HS256 \"}",  "{\"alg\":\"HS1\"}",      "{\"alg\":\"ES256K\"}",
		"{\"alg\":\"Ed448\"}",   "{\"alg\":\"RSA1_5\"}",   "{\"alg\":\"dir\"}",
		"{\"alg\":\"A256GCM\"}", "{\"alg\":\"RSA-OAEP\"}",
	};
	static const char *const malformed[] = {
		"{}",
		"{\"alg\":null}",
		"{\"alg\":256}",
		"{\"alg\":[\"HS256\"]}",
		"{\"alg\":{\"HS256\":1}}",
		"{\"alg\":true}",
		"{\"Alg\":\"HS256\"}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(unsupported); i++)
		assert_int_equal(verify_header(str_of(unsupported[i])), JWT_UNSUPPORTED);
	for (size_t i = 0; i < COUNT(malformed); i++)
		assert_int_equal(verify_header(str_of(malformed[i])), JWT_HEADER);
}

static void
header_brings_no_key_and_no_extension(void **state)
{
	static const char *const members[] = {
		"\"crit\":[]",
		"\"crit\":[\"exp\"],\"exp\":1",
		"\"crit\":[\"b64\"],\"b64\":true",
		"\"crit\":null",
		"\"b64\":true",
		"\"b64\":false",
		"\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}",
		"\"jku\":\"https://example.org/keys\"",
		"\"x5u\":\"https://example.org/cert\"",
		"\"x5c\":[]",
		"\"zip\":\"DEF\"",
		"\"\\u006aku\":\"https://example.org/keys\"",
		/* and what is read must be text */
		"\"kid\":1",
		"\"kid\":null",
		"\"kid\":[\"a\"]",
		"\"typ\":1",
		"\"typ\":null",
		"\"cty\":{}",
	};
	char header[256];

	(void)state;
	for (size_t i = 0; i < COUNT(members); i++) {
		snprintf(header, sizeof(header), "{\"alg\":\"HS256\",%s}", members[i]);
		assert_int_equal(verify_header(str_of(header)), JWT_HEADER);
	}
	/* what must be ignored is */
	assert_int_equal(
		verify_header(STR("{\"alg\":\"HS256\",\"x5t\":\"AA\",\"foo\":[1],"
				  "\"typ\":\"x\",\"cty\":\"y\"}")),
		JWT_ACCEPTED);
}

static void
header_has_a_limit(void **state)
{
	struct buf json;

	(void)state;
	buf_init(&json, 1 << 20);
	buf_addz(&json, "{\"alg\":\"HS256\",\"x\":\"");
	while (json.n < HEADER_MAX)
		buf_addc(&json, 'x');
	buf_addz(&json, "\"}");
	assert_int_equal(verify_header(buf_str(&json)), JWT_TOO_LONG);
	buf_done(&json);
}

static void
kid_is_compared_byte_for_byte(void **state)
{
	static const char set[] = "{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":"
				  "\"caf\xc3\xa9\",\"k\":\"" RFC7520_K "\"}";
	static const char *const wrong[] = { "cafe", "CAF\xc3\xa9", "cafe\xcc\x81",
					     "",     "caf",         "caf\xc3\xa9 " };
	unsigned char mac[32];
	char key[32];
	size_t n;

	(void)state;
	assert_true(base64url_decode_to(key, sizeof(key), &n, STR(RFC7520_K)));
	for (size_t i = 0; i <= COUNT(wrong); i++) {
		const char *kid = i == COUNT(wrong) ? "caf\\u00e9" : wrong[i];
		struct buf token;
		char header[128];

		snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"kid\":\"%s\"}",
			 kid);
		buf_init(&token, 1000);
		base64url_encode(&token, str_of(header));
		buf_addz(&token, ".e30");
		assert_int_equal(mac_sha256((struct str){ key, n }, buf_str(&token), mac),
				 ERR_OK);
		buf_addc(&token, '.');
		base64url_encode(&token, (struct str){ (char *)mac, sizeof(mac) });
		assert_int_equal(verify_with(set, buf_str(&token)),
				 i == COUNT(wrong) ? JWT_ACCEPTED : JWT_NO_KEY);
		buf_done(&token);
	}
}

/* What is remembered of a good token helps no other, nor one whose key is over. */
static void
a_remembered_header_decides_nothing(void **state)
{
	struct buf token, payload;
	enum jwt_refusal r;
	struct keyset set;
	struct header h;

	(void)state;
	verifying_set(&keys[0], &set);
	set.keys[0].exp = NOW + 10;
	sign_header(STR("{\"alg\":\"HS256\",\"typ\":\"x\"}"), &token);
	buf_init(&payload, 100);
	for (int i = 0; i < 3; i++) {
		buf_clear(&payload);
		assert_int_equal(jws_verify(&set, buf_str(&token), NOW, &h, &payload, &r),
				 VERDICT_ALLOW);
		assert_true(h.has_typ && str_is(h.typ, "x") && !h.has_kid);
		header_done(&h);
	}
	assert_int_equal(jws_verify(&set, buf_str(&token), NOW + 10, &h, &payload, &r),
			 VERDICT_DENY);
	assert_int_equal(r, JWT_NO_KEY);
	header_done(&h);
	token.p[token.n - 2] = (char)(token.p[token.n - 2] == 'A' ? 'B' : 'A');
	assert_int_equal(verify(&set, buf_str(&token), NULL), JWT_SIGNATURE);
	keyset_done(&set);
	buf_done(&payload);
	buf_done(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_is_strict_json),
		cmocka_unit_test(header_needs_an_algorithm_of_ours),
		cmocka_unit_test(header_brings_no_key_and_no_extension),
		cmocka_unit_test(header_has_a_limit),
		cmocka_unit_test(kid_is_compared_byte_for_byte),
		cmocka_unit_test(a_remembered_header_decides_nothing),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
