#include "check.h"

#include <stdio.h>
#include <string.h>

#include "jose/jws/jws_sign.h"
#include "jose/jwt/jwt.h"
#include "vectors.h"

#define NOW 1700000000

static const struct jwt_policy policy = {
	.issuer = { "i", 1 },
	.audience = { "a", 1 },
	.typ = { "at+jwt", 6 },
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

static void
fill(struct claims *c)
{
	claims_init(c);
	c->iss = policy.issuer;
	c->sub = STR("u");
	c->aud[c->n_aud++] = policy.audience;
	c->exp = NOW + 600;
	c->iat = NOW;
	c->has_exp = c->has_iat = true;
	c->acr = STR("phr");
	c->amr[c->n_amr++] = STR("pwd");
	c->amr[c->n_amr++] = STR("otp");
	c->scope = STR("openid reports.read");
}

/* Parse `payload` and take what is not fixed. */
static enum err
take(struct claims *c, const char *payload)
{
	claims_init(c);
	buf_addz(&c->payload, payload);
	return claims_take_more(c);
}

static void
what_is_issued_is_verified_and_kept_in_its_order(void **state)
{
	static const char *const more[][2] = {
		{ "zeta", "{\"b\":[1,null,{\"c\":\"\\u0001 \xc3\xbc\"}],\"a\":2.5}" },
		{ "alpha", "\"text\"" },
		{ "n\"quoted", "true" },
		{ "empty", "{}" },
	};
	struct claims c, back;
	enum jwt_refusal refusal;
	struct buf token, again;
	struct str json;

	(void)state;
	fill(&c);
	claims_init(&back);
	buf_init(&token, JWT_MAX);
	buf_init(&again, JWT_MAX);
	for (size_t i = 0; i < COUNT(more); i++)
		assert_int_equal(claims_add(&c, str_of(more[i][0]), str_of(more[i][1])),
				 ERR_OK);
	assert_int_equal(jwt_issue(&set.keys[0], "at+jwt", &c, &token), ERR_OK);
	assert_int_equal(jwt_verify(&set, &policy, buf_str(&token), NOW, &back, &refusal),
			 VERDICT_ALLOW);
	assert_int_equal(back.n_more, 0); /* who asks nothing pays nothing */
	assert_true(claims_settle(&back));
	assert_int_equal(claims_take_more(&back), ERR_OK);
	assert_int_equal(back.n_more, COUNT(more));
	for (size_t i = 0; i < COUNT(more); i++) {
		assert_true(str_is(back.more[i].name, more[i][0]));
		assert_true(str_is(back.more[i].json, more[i][1]));
	}
	assert_true(claims_find(&back, STR("alpha"), &json) && str_is(json, "\"text\""));
	assert_false(claims_find(&back, STR("sub"), &json));
	assert_true(str_is(back.acr, "phr") && str_is(back.scope, "openid reports.read"));
	assert_true(back.n_amr == 2 && str_is(back.amr[1], "otp"));
	claims_write(&back, &again);
	assert_string_equal(buf_z(&again), buf_z(&back.payload));
	claims_clear(&back);
	assert_int_equal(back.n_more + back.n_amr + back.scope.n, 0);
	claims_done(&back);
	claims_done(&c);
	buf_done(&token);
	buf_done(&again);
}

static void
an_addition_is_one_value_under_a_name_of_its_own(void **state)
{
	static const struct {
		const char *name, *json;
		enum err e;
	} rows[] = {
		{ "sub", "1", ERR_EXISTS },
		{ "amr", "[]", ERR_EXISTS },
		{ "x", "1", ERR_OK },
		{ "x", "1", ERR_EXISTS },
		{ "", "1", ERR_SYNTAX },
		{ "\xff", "1", ERR_SYNTAX },
		{ "a\nb", "1", ERR_SYNTAX },
		{ "y", "", ERR_SYNTAX },
		{ "y", "1,2", ERR_SYNTAX },
		{ "y", "1}", ERR_SYNTAX },
		{ "y", "],[", ERR_SYNTAX },
		{ "y", "01", ERR_SYNTAX },
		{ "y", "{\"a\":1,\"a\":2}", ERR_SYNTAX },
		{ "y", "'a'", ERR_SYNTAX },
		{ "y", "\"\\u0000\"", ERR_SYNTAX },
		{ "y", "[[[[[[[[1]]]]]]]]", ERR_SYNTAX },
		{ "y", "[[[[[[[1]]]]]]]", ERR_OK },
	};
	struct claims c;

	(void)state;
	claims_init(&c);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (claims_add(&c, str_of(rows[i].name), str_of(rows[i].json)) !=
		    rows[i].e)
			fail_msg("%s: %s", rows[i].name, rows[i].json);
	assert_int_equal(c.n_more, 2);
	claims_done(&c);
}

static void
additions_are_bounded(void **state)
{
	static char names[CLAIMS_MORE + 1][8], long_name[CLAIMS_NAME_MAX + 2];
	static char big[CLAIMS_MORE_BYTES + 2];
	struct claims c;

	(void)state;
	claims_init(&c);
	memset(long_name, 'n', CLAIMS_NAME_MAX + 1);
	memset(big, '1', CLAIMS_MORE_BYTES + 1);
	big[0] = big[CLAIMS_MORE_BYTES - 3] = '"';
	big[CLAIMS_MORE_BYTES - 2] = '\0';
	assert_int_equal(claims_add(&c, str_of(long_name), STR("1")), ERR_LIMIT);
	assert_int_equal(claims_add(&c, STR("ab"), str_of(big)), ERR_LIMIT);
	assert_int_equal(claims_add(&c, STR("a"), str_of(big)), ERR_OK);
	assert_int_equal(claims_add(&c, STR("b"), STR("1")), ERR_LIMIT);
	claims_clear(&c);
	for (size_t i = 0; i <= CLAIMS_MORE; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu", i);
		assert_int_equal(claims_add(&c, str_of(names[i]), STR("1")),
				 i < CLAIMS_MORE ? ERR_OK : ERR_LIMIT);
	}
	claims_done(&c);
}

static void
members_that_came_are_bounded(void **state)
{
	struct claims c;
	struct buf text;

	(void)state;
	assert_int_equal(take(&c, "{\"iss\":\"i\"}"), ERR_OK);
	assert_int_equal(c.n_more, 0);
	claims_done(&c);
	assert_int_equal(take(&c, "[1]"), ERR_SYNTAX);
	claims_done(&c);
	assert_int_equal(take(&c, ""), ERR_SYNTAX);
	claims_done(&c);
	buf_init(&text, JWT_MAX);
	buf_addc(&text, '{');
	for (int i = 0; i <= CLAIMS_MORE; i++)
		buf_addf(&text, "%s\"n%d\":1e300", i == 0 ? "" : ",", i);
	buf_addc(&text, '}');
	assert_int_equal(take(&c, buf_z(&text)), ERR_LIMIT);
	assert_int_equal(c.n_more, 0);
	claims_done(&c);
	buf_clear(&text);
	buf_addz(&text, "{\"x\":\"");
	for (int i = 0; i < CLAIMS_MORE_BYTES; i++)
		buf_addc(&text, 'x');
	buf_addz(&text, "\"}");
	assert_int_equal(take(&c, buf_z(&text)), ERR_LIMIT);
	assert_int_equal(c.n_more, 0);
	claims_done(&c);
	buf_done(&text);
}

static void
our_own_claims_have_their_types(void **state)
{
	static const char *const wrong[] = {
		"\"acr\":1",
		"\"acr\":null",
		"\"amr\":\"pwd\"",
		"\"amr\":[1]",
		"\"scope\":1",
		"\"scope\":[\"a\"]",
		"\"roles\":\"a\"",
		"\"amr\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
	};
	struct claims c;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		claims_init(&c);
		buf_addf(&c.payload, "{%s}", wrong[i]);
		assert_true(
			claims_parse(&c)); /* another issuer may mean anything by it */
		if (claims_take_ours(&c))
			fail_msg("%s", wrong[i]);
		claims_done(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_issued_is_verified_and_kept_in_its_order),
		cmocka_unit_test(an_addition_is_one_value_under_a_name_of_its_own),
		cmocka_unit_test(additions_are_bounded),
		cmocka_unit_test(members_that_came_are_bounded),
		cmocka_unit_test(our_own_claims_have_their_types),
	};

	return cmocka_run_group_tests(tests, load_keys, free_keys);
}
