#include "check.h"

#include <stdio.h>
#include <string.h>

#include "jose/jws/jws_sign.h"
#include "jose/jwt/jwt.h"
#include "vectors.h"

#define NOW 1700000000

static const struct jwt_policy policy = {
	.issuer = { "https://id.example", 18 },
	.audience = { "https://app.example", 19 },
	.typ = { "at+jwt", 6 },
	.leeway = 0,
};

static struct keyset set;

static int
load_keys(void **state)
{
	(void)state;
	return keyset_parse(STR("{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"k\",\"k\":"
				"\"" RFC7520_K "\"}"),
			    KEYSET_SIGN, &set, NULL) == ERR_OK
		       ? 0
		       : -1;
}

static int
free_keys(void **state)
{
	(void)state;
	keyset_done(&set);
	return 0;
}

static enum jwt_refusal
verify_at(int64_t now, const struct jwt_policy *p, const char *typ, const char *payload)
{
	enum jwt_refusal r;
	struct claims c;
	struct buf token;
	enum verdict v;

	buf_init(&token, 65536);
	assert_int_equal(jws_sign(&set.keys[0], typ, str_of(payload), &token), ERR_OK);
	claims_init(&c);
	v = jwt_verify(&set, p, buf_str(&token), now, &c, &r);
	assert_int_equal(v == VERDICT_ALLOW, r == JWT_ACCEPTED);
	if (r != JWT_ACCEPTED) { /* nothing of a refused token is left to be used */
		assert_null(c.json);
		assert_int_equal(c.payload.n, 0);
		assert_int_equal(c.sub.n, 0);
		assert_int_equal(c.n_roles, 0);
	}
	claims_done(&c);
	buf_done(&token);
	return r;
}

static enum jwt_refusal
verify(const char *payload)
{
	return verify_at(NOW, &policy, "at+jwt", payload);
}

#define ISS "\"iss\":\"https://id.example\""
#define SUB "\"sub\":\"u1\""
#define AUD "\"aud\":\"https://app.example\""
#define EXP "\"exp\":1700000600"
#define IAT "\"iat\":1700000000"
#define WITH(more) "{" ISS "," SUB "," AUD "," EXP "," IAT more "}"

static void
accepts_what_the_policy_wants(void **state)
{
	(void)state;
	assert_int_equal(verify(WITH("")), JWT_ACCEPTED);
	assert_int_equal(
		verify(WITH(",\"nbf\":1700000000,\"jti\":\"j\",\"client_id\":\"c\","
			    "\"sid\":\"s\",\"preferred_username\":\"ann\","
			    "\"roles\":[\"a\",\"b\"],\"auth_time\":1699999999.5,"
			    "\"foo\":{\"bar\":[1]}")),
		JWT_ACCEPTED);
}

static void
hands_out_the_claims(void **state)
{
	static const char payload[] =
		WITH(",\"jti\":\"j\",\"client_id\":\"c\",\"sid\":\"s\","
		     "\"preferred_username\":\"ann\","
		     "\"roles\":[\"a\",\"b\"],\"auth_time\":5");
	enum jwt_refusal r;
	struct claims c;
	struct buf token;

	(void)state;
	buf_init(&token, 8192);
	assert_int_equal(jws_sign(&set.keys[0], "at+jwt", str_of(payload), &token),
			 ERR_OK);
	claims_init(&c);
	assert_int_equal(jwt_verify(&set, &policy, buf_str(&token), NOW, &c, &r),
			 VERDICT_ALLOW);
	assert_string_equal(buf_z(&c.payload), payload);
	assert_true(str_is(c.sub, "u1") && str_is(c.jti, "j") &&
		    str_is(c.client_id, "c"));
	assert_true(str_is(c.sid, "s") && str_is(c.preferred_username, "ann"));
	assert_true(claims_has_role(&c, STR("a")) && claims_has_role(&c, STR("b")));
	assert_false(claims_has_role(&c, STR("A")));
	assert_false(claims_has_role(&c, STR("")));
	assert_true(c.exp == 1700000600 && c.iat == NOW && c.auth_time == 5);
	assert_true(c.has_auth_time && !c.has_nbf);
	/* one set of claims serves for many tokens */
	assert_int_equal(jwt_verify(&set, &policy, STR("x"), NOW, &c, &r), VERDICT_DENY);
	assert_int_equal(c.sub.n, 0);
	claims_done(&c);
	claims_done(&c);
	buf_done(&token);
}

static void
refuses_a_missing_claim(void **state)
{
	static const char *const bad[] = {
		"{" SUB "," AUD "," EXP "," IAT "}",
		"{" ISS "," AUD "," EXP "," IAT "}",
		"{" ISS "," SUB "," EXP "," IAT "}",
		"{" ISS "," SUB "," AUD "," IAT "}",
		"{" ISS "," SUB "," AUD "," EXP "}",
		"{" ISS ",\"sub\":\"\"," AUD "," EXP "," IAT "}",
		"{\"iss\":\"\"," SUB "," AUD "," EXP "," IAT "}",
		"{" ISS "," SUB ",\"aud\":[]," EXP "," IAT "}",
		"{}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(verify(bad[i]), JWT_CLAIMS);
}

static void
refuses_a_claim_of_wrong_type(void **state)
{
	static const char *const types[] = { "null",    "1",      "1.5",      "true",
					     "\"x\"",   "[]",     "{}",       "[1]",
					     "[\"x\"]", "[null]", "[\"x\",1]" };
	static const struct {
		const char *name;
		const char *good; /* which of the types above it may have: '+' */
	} claims[] = {
		{ "iss", "    +      " }, { "sub", "    +      " },
		{ "jti", "    +      " }, { "client_id", "    +      " },
		{ "sid", "    +      " }, { "preferred_username", "    +      " },
		{ "aud", "    ++  +  " }, { "roles", "     +  +  " },
		{ "exp", " ++        " }, { "iat", " ++        " },
		{ "nbf", " ++        " }, { "auth_time", " ++        " },
	};
	char payload[512];

	(void)state;
	for (size_t i = 0; i < COUNT(claims); i++)
		for (size_t t = 0; t < COUNT(types); t++) {
			struct claims c;

			snprintf(payload, sizeof(payload), "{\"%s\":%s}", claims[i].name,
				 types[t]);
			claims_init(&c);
			buf_addz(&c.payload, payload);
			if ((claims_parse(&c) && claims_take_ours(&c)) !=
			    (claims[i].good[t] == '+'))
				fail_msg("%s", payload);
			claims_done(&c);
		}
}

static void
refuses_claims_that_are_not_strict_json(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"[]",
		"\"x\"",
		"null",
		WITH("") " x",
		WITH("") "{}",
		"\xef\xbb\xbf" WITH(""),
		WITH("," SUB),
		WITH(",\"\\u0073ub\":\"root\""),
		WITH(",\"x\":{\"a\":1,\"a\":2}"),
		WITH(",\"x\":\"\xff\""),
		WITH(",\"x\":\"\\u0000\""),
		WITH(",\"x\":1e999"),
		WITH(",\"x\":99999999999999999999"),
		WITH(",\"x\":[[[[[[[[[]]]]]]]]]"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(verify(bad[i]), JWT_CLAIMS);
}

static void
issuer_is_exact(void **state)
{
	static const char *const wrong[] = {
		"https://id.example/", "https://id.exampl",   "https://ID.example",
		"http://id.example",   " https://id.example", "https://id.example.evil",
	};
	char payload[512];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		snprintf(payload, sizeof(payload),
			 "{\"iss\":\"%s\"," SUB "," AUD "," EXP "," IAT "}", wrong[i]);
		assert_int_equal(verify(payload), JWT_ISSUER);
	}
}

static void
audience_is_or_contains_ours(void **state)
{
	static const struct {
		const char *aud;
		enum jwt_refusal r;
	} table[] = {
		{ "\"https://app.example\"", JWT_ACCEPTED },
		{ "[\"https://app.example\"]", JWT_ACCEPTED },
		{ "[\"other\",\"https://app.example\"]", JWT_ACCEPTED },
		{ "\"other\"", JWT_AUDIENCE },
		{ "[\"other\"]", JWT_AUDIENCE },
		{ "\"\"", JWT_AUDIENCE },
		{ "\"https://app.example/\"", JWT_AUDIENCE },
		{ "\"https://app.example https://x\"", JWT_AUDIENCE },
		{ "[\"https://app.exampl\",\"e\"]", JWT_AUDIENCE },
		{ "[\"https://app.example\",1]", JWT_CLAIMS },
		{ "[[\"https://app.example\"]]", JWT_CLAIMS },
		{ "{\"0\":\"https://app.example\"}", JWT_CLAIMS },
	};
	char payload[512];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		snprintf(payload, sizeof(payload),
			 "{" ISS "," SUB "," EXP "," IAT ",\"aud\":%s}", table[i].aud);
		assert_int_equal(verify(payload), table[i].r);
	}
}

static enum jwt_refusal
verify_times(int64_t leeway, const char *exp, const char *iat, const char *nbf)
{
	struct jwt_policy p = policy;
	char payload[512];

	p.leeway = leeway;
	snprintf(payload, sizeof(payload),
		 "{" ISS "," SUB "," AUD ",\"exp\":%s,\"iat\":%s,\"nbf\":%s}", exp, iat,
		 nbf);
	return verify_at(NOW, &p, "at+jwt", payload);
}

static void
times_are_exact_to_the_second(void **state)
{
	(void)state;
	assert_int_equal(verify_times(0, "1700000001", "0", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(0, "1700000000", "0", "0"), JWT_EXPIRED);
	assert_int_equal(verify_times(0, "1700000000.999", "0", "0"), JWT_EXPIRED);
	assert_int_equal(verify_times(0, "1700000001.0", "0", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(0, "1.700000001e9", "0", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(0, "2e9", "1700000000", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(0, "2e9", "1700000001", "0"), JWT_NOT_YET);
	assert_int_equal(verify_times(0, "2e9", "1700000000.1", "0"), JWT_NOT_YET);
	assert_int_equal(verify_times(0, "2e9", "0", "1700000000"), JWT_ACCEPTED);
	assert_int_equal(verify_times(0, "2e9", "0", "1700000001"), JWT_NOT_YET);
	assert_int_equal(verify_times(0, "2e9", "0", "1700000000.5"), JWT_NOT_YET);
	assert_int_equal(verify_times(0, "-1", "0", "0"), JWT_EXPIRED);
	assert_int_equal(verify_times(0, "0", "0", "0"), JWT_EXPIRED);
	assert_int_equal(verify_times(0, "2e9", "-5", "-5"), JWT_ACCEPTED);
}

static void
leeway_moves_each_limit_by_itself(void **state)
{
	(void)state;
	assert_int_equal(verify_times(60, "1699999941", "0", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(60, "1699999940", "0", "0"), JWT_EXPIRED);
	assert_int_equal(verify_times(60, "2e9", "1700000060", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(60, "2e9", "1700000061", "0"), JWT_NOT_YET);
	assert_int_equal(verify_times(60, "2e9", "0", "1700000060"), JWT_ACCEPTED);
	assert_int_equal(verify_times(60, "2e9", "0", "1700000061"), JWT_NOT_YET);
	assert_int_equal(verify_times(-1, "2e9", "0", "0"), JWT_FAILED);
	assert_int_equal(verify_times(JWT_LEEWAY_MAX + 1, "2e9", "0", "0"), JWT_FAILED);
}

static void
no_time_overflows(void **state)
{
	static const char *const out_of_range[] = {
		"9007199254740993",
		"9223372036854775807",
		"9223372036854775808",
		"-9223372036854775808",
		"1e19",
		"1e308",
		"-1e308",
		"1e309",
		"1e99999",
		"18446744073709551616",
		"9.3e18",
	};

	(void)state;
	assert_int_equal(verify_times(300, "9007199254740992", "0", "0"), JWT_ACCEPTED);
	assert_int_equal(verify_times(300, "-9007199254740992", "0", "0"), JWT_EXPIRED);
	assert_int_equal(
		verify_times(300, "2e9", "-9007199254740992", "-9007199254740992"),
		JWT_ACCEPTED);
	assert_int_equal(verify_times(300, "2e9", "9007199254740992", "0"), JWT_NOT_YET);
	for (size_t i = 0; i < COUNT(out_of_range); i++) {
		assert_int_equal(verify_times(300, out_of_range[i], "0", "0"),
				 JWT_CLAIMS);
		assert_int_equal(verify_times(300, "2e9", out_of_range[i], "0"),
				 JWT_CLAIMS);
		assert_int_equal(verify_times(300, "2e9", "0", out_of_range[i]),
				 JWT_CLAIMS);
	}
}

static void
type_is_that_of_the_policy(void **state)
{
	static const char *const good[] = { "at+jwt", "AT+JWT", "At+Jwt",
					    "application/at+jwt", "APPLICATION/AT+JWT" };
	static const char *const wrong[] = { "JWT",
					     "jwt",
					     "",
					     "at+jwt ",
					     "at-jwt",
					     "application/",
					     "application/application/at+jwt",
					     "text/at+jwt",
					     "id+jwt" };
	struct jwt_policy none = policy;

	(void)state;
	none.typ = STR("");
	for (size_t i = 0; i < COUNT(good); i++)
		assert_int_equal(verify_at(NOW, &policy, good[i], WITH("")),
				 JWT_ACCEPTED);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(verify_at(NOW, &policy, wrong[i], WITH("")), JWT_TYPE);
		assert_int_equal(verify_at(NOW, &none, wrong[i], WITH("")), JWT_ACCEPTED);
	}
	assert_int_equal(verify_at(NOW, &policy, NULL, WITH("")), JWT_TYPE);
	assert_int_equal(verify_at(NOW, &none, NULL, WITH("")), JWT_ACCEPTED);
}

static void
an_empty_policy_refuses(void **state)
{
	struct jwt_policy p = policy;

	(void)state;
	p.issuer = STR("");
	assert_int_equal(verify_at(NOW, &p, "at+jwt", WITH("")), JWT_ISSUER);
	p = policy;
	p.audience = STR("");
	assert_int_equal(verify_at(NOW, &p, "at+jwt", WITH("")), JWT_AUDIENCE);
	assert_int_equal(verify_at(NOW, &p, "at+jwt",
				   "{" ISS "," SUB ",\"aud\":\"\"," EXP "," IAT "}"),
			 JWT_AUDIENCE);
}

static void
refuses_a_token_that_is_too_long(void **state)
{
	char payload[JWT_MAX];
	size_t n;

	(void)state;
	memset(payload, ' ', sizeof(payload));
	n = strlen(WITH(""));
	memcpy(payload, WITH(""), n);
	payload[6000] = '\0';
	assert_int_equal(verify(payload), JWT_ACCEPTED);
	payload[6000] = ' ';
	payload[6200] = '\0';
	assert_int_equal(verify(payload), JWT_TOO_LONG);
}

/* RFC 7519, 3.1: its signature is good, and yet it is none of ours. */
static void
the_rfcs_own_token_lacks_claims(void **state)
{
	struct keyset rfc;
	struct claims c;
	enum jwt_refusal r;
	struct jwt_policy any = policy;

	(void)state;
	any.typ = STR("");
	any.issuer = STR("joe");
	assert_int_equal(
		keyset_parse(
			STR("{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" RFC7515_A1_K
			    "\"}"),
			KEYSET_VERIFY, &rfc, NULL),
		ERR_OK);
	claims_init(&c);
	assert_int_equal(jwt_verify(&rfc, &any, STR(RFC7515_A1), 1300819370, &c, &r),
			 VERDICT_DENY);
	assert_int_equal(r, JWT_CLAIMS);
	assert_int_equal(jwt_verify(&rfc, &any, STR(RFC7515_A5), 1300819370, &c, &r),
			 VERDICT_DENY);
	assert_int_equal(r, JWT_UNSUPPORTED);
	claims_done(&c);
	keyset_done(&rfc);
}

static void
issues_what_it_verifies(void **state)
{
	struct claims c, back;
	enum jwt_refusal r;
	struct buf token;

	(void)state;
	claims_init(&c);
	claims_init(&back);
	c.iss = policy.issuer;
	c.sub = STR("0b5c5b1e-6d0f-4a39-9d38-3f8b7a5cbb11");
	c.aud[0] = policy.audience;
	c.n_aud = 1;
	c.exp = NOW + 600;
	c.iat = NOW;
	c.has_exp = c.has_iat = true;
	c.jti = STR("j");
	c.client_id = STR("doorward");
	c.sid = STR("s");
	c.preferred_username = STR("J\xc3\xbcrgen \"the\" \\ <Great>\t");
	c.roles[0] = STR("admin");
	c.n_roles = 1;
	c.auth_time = NOW;
	c.has_auth_time = true;
	buf_init(&token, 8192);
	assert_int_equal(jwt_issue(&set.keys[0], "at+jwt", &c, &token), ERR_OK);
	assert_int_equal(jwt_verify(&set, &policy, buf_str(&token), NOW, &back, &r),
			 VERDICT_ALLOW);
	assert_true(str_eq(back.preferred_username, c.preferred_username));
	assert_true(str_eq(back.sub, c.sub) && back.exp == c.exp && back.n_roles == 1);
	c.n_aud = 2;
	c.aud[1] = STR("other");
	buf_clear(&token);
	assert_int_equal(jwt_issue(&set.keys[0], "at+jwt", &c, &token), ERR_OK);
	assert_int_equal(jwt_verify(&set, &policy, buf_str(&token), NOW, &back, &r),
			 VERDICT_ALLOW);
	assert_int_equal(back.n_aud, 2);
	claims_done(&back);
	claims_done(&c);
	buf_done(&token);
}

static void
issues_no_token_that_is_too_long(void **state)
{
	struct claims c;
	struct buf token;

	(void)state;
	claims_init(&c);
	for (c.n_roles = 0; c.n_roles < CLAIMS_ROLES; c.n_roles++)
		c.roles[c.n_roles] = STR("a-rather-long-name-of-a-role-00");
	buf_init(&token, 65536);
	assert_int_equal(jwt_issue(&set.keys[0], "at+jwt", &c, &token), ERR_LIMIT);
	assert_int_equal(token.n, 0);
	c.n_roles = 45; /* fits, encoded it does not */
	buf_clear(&token);
	assert_int_equal(jwt_issue(&set.keys[0], "at+jwt", &c, &token), ERR_LIMIT);
	assert_int_equal(token.n, 0);
	buf_done(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_the_policy_wants),
		cmocka_unit_test(hands_out_the_claims),
		cmocka_unit_test(refuses_a_missing_claim),
		cmocka_unit_test(refuses_a_claim_of_wrong_type),
		cmocka_unit_test(refuses_claims_that_are_not_strict_json),
		cmocka_unit_test(issuer_is_exact),
		cmocka_unit_test(audience_is_or_contains_ours),
		cmocka_unit_test(times_are_exact_to_the_second),
		cmocka_unit_test(leeway_moves_each_limit_by_itself),
		cmocka_unit_test(no_time_overflows),
		cmocka_unit_test(type_is_that_of_the_policy),
		cmocka_unit_test(an_empty_policy_refuses),
		cmocka_unit_test(refuses_a_token_that_is_too_long),
		cmocka_unit_test(the_rfcs_own_token_lacks_claims),
		cmocka_unit_test(issues_what_it_verifies),
		cmocka_unit_test(issues_no_token_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, load_keys, free_keys);
}
