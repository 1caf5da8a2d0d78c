#include "keyset_fixture.h"

static void
accept(const char *json, enum keyset_purpose purpose, size_t n, size_t total)
{
	struct why why = { 0 };
	struct keyset set;

	if (keyset_parse(str_of(json), purpose, &set, &why) != ERR_OK)
		fail_msg("%s: %s", why.text, json);
	assert_int_equal(set.n, n);
	assert_int_equal(set.total, total);
	keyset_done(&set);
	keyset_done(&set);
}

static void
refuse(const char *json, enum keyset_purpose purpose, enum err wanted)
{
	struct why why = { 0 };
	struct keyset set;
	enum err e = keyset_parse(str_of(json), purpose, &set, &why);

	if (e != wanted)
		fail_msg("%d (%s): %s", e, why.text, json);
	assert_int_equal(set.n, 0);
	assert_null(set.keys);
	assert_true(why.text[0] != '\0');
	keyset_done(&set);
}

static void
loads_a_key_or_a_set(void **state)
{
	(void)state;
	accept("{" EC_PUBLIC "}", KEYSET_VERIFY, 1, 1);
	accept(SET("{" EC_PUBLIC "}"), KEYSET_VERIFY, 1, 1);
	accept(SET("{" EC_PUBLIC "},{" OKP_PUBLIC "},{" RSA_PUBLIC "}"), KEYSET_VERIFY, 3,
	       3);
	accept(SET("{" OCT "}"), KEYSET_VERIFY, 1, 1);
	accept(SET("{" EC_PRIVATE "},{" OKP_PRIVATE "}"), KEYSET_SIGN, 2, 2);
	accept(RFC7517_A1, KEYSET_VERIFY, 1, 2);
	accept(RFC7517_A1, KEYSET_ENCRYPT, 1, 2);
	accept(RFC7517_A1, KEYSET_MANAGE, 2, 2);
}

static void
refuses_what_is_no_set(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"null",
		"{\"keys\":{}}",
		"{\"keys\":[1]}",
		"{\"keys\":[[]]}",
		"{\"keys\":null}",
		"{\"keys\":[null]}",
		"{}",
		"x",
		"{\"keys\":[{" EC_PUBLIC "}]} x",
		"{\"keys\":[{" EC_PUBLIC "}],\"keys\":[]}",
		"{\"keys\":[{" EC_PUBLIC "}]," OKP_PUBLIC "}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(bad[i], KEYSET_VERIFY, ERR_SYNTAX);
	refuse("{\"keys\":[]}", KEYSET_VERIFY, ERR_UNSUPPORTED);
}

static void
one_bad_key_refuses_the_set(void **state)
{
	(void)state;
	refuse(SET("{" EC_PUBLIC "},{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\","
		   "\"e\":\"AQAB\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC "},{}"), KEYSET_VERIFY, ERR_SYNTAX);
	/* also one that would not be used */
	refuse(SET("{" EC_PUBLIC "},{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\","
		   "\"x\":\"" RFC7517_X "\",\"y\":\"" RFC7517_X "\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
}

static void
refuses_one_kid_twice(void **state)
{
	(void)state;
	refuse(SET("{" EC_PUBLIC ",\"kid\":\"a\"},{" OKP_PUBLIC ",\"kid\":\"a\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC ",\"kid\":\"a\"},{" OKP_PUBLIC ",\"kid\":\"\\u0061\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	/* the thumbprint counts where no kid is said: the same key twice */
	refuse(SET("{" EC_PUBLIC "},{" EC_PUBLIC "}"), KEYSET_VERIFY, ERR_SYNTAX);
	refuse(SET("{" OKP_PUBLIC "},{" EC_PUBLIC ",\"kid\":\"" RFC8037_THUMBPRINT "\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	/* also where one is passed over */
	refuse(SET("{" EC_PUBLIC ",\"kid\":\"a\"},{\"kty\":\"new\",\"kid\":\"a\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	accept(SET("{" EC_PUBLIC ",\"kid\":\"a\"},{" OKP_PUBLIC ",\"kid\":\"A\"}"),
	       KEYSET_VERIFY, 2, 2);
}

static void
refuses_secret_and_public_keys_together(void **state)
{
	static const enum keyset_purpose all[] = { KEYSET_VERIFY,  KEYSET_VERIFY_ANY,
						   KEYSET_SIGN,    KEYSET_ENCRYPT,
						   KEYSET_DECRYPT, KEYSET_MANAGE };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		refuse(SET("{" OCT "},{" RSA_PUBLIC "}"), all[i], ERR_SYNTAX);
		refuse(SET("{" RSA_PUBLIC "},{" OCT "}"), all[i], ERR_SYNTAX);
	}
	refuse(SET("{" OCT "},{" EC_PRIVATE "}"), KEYSET_SIGN, ERR_SYNTAX);
	refuse(SET("{" EC_PRIVATE "},{" OKP_PUBLIC "}"), KEYSET_VERIFY_ANY, ERR_SYNTAX);
	refuse(SET("{" OKP_PUBLIC "},{" EC_PRIVATE "}"), KEYSET_MANAGE, ERR_SYNTAX);
	/* also secrets that could not be used */
	refuse(SET("{" EC_PUBLIC "},{\"kty\":\"oct\",\"k\":\"AAAA\"}"), KEYSET_VERIFY,
	       ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC "},{\"kty\":\"oct\",\"alg\":\"HS1\",\"k\":\"\"}"),
	       KEYSET_VERIFY, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC "},{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"d\":\"AA\"}"),
	       KEYSET_VERIFY_ANY, ERR_SYNTAX);
}

static void
a_verifier_takes_no_private_key(void **state)
{
	(void)state;
	refuse("{" EC_PRIVATE "}", KEYSET_VERIFY, ERR_PERMISSION);
	refuse(SET("{" EC_PRIVATE ",\"use\":\"enc\"}"), KEYSET_VERIFY, ERR_PERMISSION);
	refuse("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" RFC7515_A2_N "\",\"d\":\"AQ\"}",
	       KEYSET_VERIFY, ERR_PERMISSION);
	accept("{" EC_PRIVATE "}", KEYSET_VERIFY_ANY, 1, 1);
	accept("{" OCT "}", KEYSET_VERIFY, 1, 1);
}

static void
passes_over_keys_for_something_else(void **state)
{
	(void)state;
	accept(SET("{" EC_PUBLIC
		   "},{\"kty\":\"new\"},{\"kty\":\"EC\",\"crv\":\"secp256k1\"}"),
	       KEYSET_VERIFY, 1, 3);
	accept(SET("{" EC_PUBLIC "},{" EC2_PUBLIC ",\"use\":\"enc\"}"), KEYSET_VERIFY, 1,
	       2);
	refuse(SET("{" EC_PUBLIC ",\"use\":\"enc\"}"), KEYSET_VERIFY, ERR_UNSUPPORTED);
	refuse("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" RFC7515_A2_N "\"}",
	       KEYSET_VERIFY, ERR_UNSUPPORTED);
	refuse("{" EC_PUBLIC "}", KEYSET_SIGN, ERR_UNSUPPORTED);
	refuse("{" EC_PUBLIC ",\"use\":\"enc\"}", KEYSET_DECRYPT, ERR_UNSUPPORTED);
}

static void
refuses_too_many_keys(void **state)
{
	struct keyset set;
	struct buf b;

	(void)state;
	buf_init(&b, KEYSET_BYTES);
	buf_addz(&b, "{\"keys\":[{" EC_PUBLIC "}");
	for (int i = 1; i < KEYSET_KEYS; i++)
		buf_addf(&b, ",{\"kty\":\"x\"}");
	buf_addz(&b, ",{\"kty\":\"x\"}]}");
	assert_int_equal(keyset_parse(buf_str(&b), KEYSET_VERIFY, &set, NULL), ERR_LIMIT);
	buf_done(&b);
}

static void
finds_by_kid_or_the_only_key(void **state)
{
	struct keyset one, named, two, mixed;

	(void)state;
	assert_int_equal(keyset_parse(STR("{" EC_PUBLIC "}"), KEYSET_VERIFY, &one, NULL),
			 ERR_OK);
	assert_int_equal(keyset_parse(STR("{" EC_PUBLIC ",\"kid\":\"a\"}"), KEYSET_VERIFY,
				      &named, NULL),
			 ERR_OK);
	assert_int_equal(
		keyset_parse(STR(SET("{" EC_PUBLIC ",\"kid\":\"a\"},{" OKP_PUBLIC "}")),
			     KEYSET_VERIFY, &two, NULL),
		ERR_OK);
	assert_int_equal(keyset_parse(STR(SET("{" EC_PUBLIC "},{\"kty\":\"x\"}")),
				      KEYSET_VERIFY, &mixed, NULL),
			 ERR_OK);
	assert_non_null(keyset_find(&one, false, STR(""), 0));
	assert_non_null(keyset_find(&one, true, STR("any"), 0));
	assert_non_null(keyset_find(&named, false, STR(""), 0));
	assert_non_null(keyset_find(&named, true, STR("a"), 0));
	assert_null(keyset_find(&named, true, STR("A"), 0));
	assert_null(keyset_find(&named, true, STR(""), 0));
	assert_null(keyset_find(&two, false, STR(""), 0));
	assert_null(keyset_find(&two, true, STR("any"), 0));
	assert_ptr_equal(keyset_find(&two, true, STR("a"), 0), &two.keys[0]);
	assert_ptr_equal(keyset_find(&two, true, STR(RFC8037_THUMBPRINT), 0),
			 &two.keys[1]);
	assert_null(keyset_find(&mixed, false, STR(""), 0));
	assert_null(keyset_find(&mixed, true, STR("any"), 0));
	keyset_done(&one);
	keyset_done(&named);
	keyset_done(&two);
	keyset_done(&mixed);
}

/* Where nothing names the algorithm. */
static struct jwk *
signs(const struct keyset *set, int64_t now)
{
	return keyset_signing_key(set, NULL, now, NULL);
}

static void
a_key_that_is_over_is_not_found(void **state)
{
	struct keyset set;

	(void)state;
	assert_int_equal(keyset_parse(STR("{" EC_PUBLIC ",\"exp\":1000}"), KEYSET_VERIFY,
				      &set, NULL),
			 ERR_OK);
	assert_non_null(keyset_find(&set, false, STR(""), 999));
	assert_null(keyset_find(&set, false, STR(""), 1000));
	keyset_done(&set);
}

static void
rotation_moves_the_signature_on(void **state)
{
	static const char json[] = SET("{" EC_PRIVATE ",\"kid\":\"old\",\"exp\":3000},"
				       "{" EC2_PRIVATE ",\"kid\":\"new\",\"nbf\":2000}");
	struct keyset set;
	struct jwk *old, *new;

	(void)state;
	assert_int_equal(keyset_parse(str_of(json), KEYSET_SIGN, &set, NULL), ERR_OK);
	new = &set.keys[0]; /* sorted by kid */
	old = &set.keys[1];
	assert_ptr_equal(signs(&set, 1999), old);
	assert_int_equal(keyset_state(&set, old, 1999), KEY_SIGNING);
	assert_int_equal(keyset_state(&set, new, 1999), KEY_WAITING);
	assert_ptr_equal(signs(&set, 2000), new);
	assert_int_equal(keyset_state(&set, old, 2000), KEY_VERIFYING);
	assert_int_equal(keyset_state(&set, new, 2000), KEY_SIGNING);
	assert_ptr_equal(keyset_find(&set, true, STR("old"), 2999), old);
	assert_int_equal(keyset_state(&set, old, 3000), KEY_OVER);
	assert_null(keyset_find(&set, true, STR("old"), 3000));
	/* a verifier whose clock is behind takes the new key's tokens */
	assert_ptr_equal(keyset_find(&set, true, STR("new"), 1), new);
	keyset_done(&set);
}

static void
finds_each_of_a_thousand_keys(void **state)
{
	struct keyset set;
	struct buf json;
	char kid[16];

	(void)state;
	buf_init(&json, KEYSET_BYTES);
	buf_addz(&json, "{\"keys\":[");
	for (int i = 0; i < 1000; i++)
		buf_addf(&json, "%s{" OCT ",\"kid\":\"%d\"}", i == 0 ? "" : ",",
			 (i * 7919) % 1000);
	buf_addz(&json, "]}");
	assert_int_equal(keyset_parse(buf_str(&json), KEYSET_VERIFY, &set, NULL), ERR_OK);
	for (int i = 0; i < 1000; i++) {
		struct jwk *key;

		snprintf(kid, sizeof(kid), "%d", i);
		key = keyset_find(&set, true, str_of(kid), 1);
		assert_non_null(key);
		assert_true(str_is(jwk_kid(key), kid));
	}
	assert_null(keyset_find(&set, true, STR("1000"), 1));
	assert_null(keyset_find(&set, true, STR(""), 1));
	keyset_done(&set);
	buf_done(&json);
}

static void
nothing_signs_when_every_key_is_over_or_waits(void **state)
{
	static const char json[] = SET("{" EC_PRIVATE ",\"kid\":\"old\",\"exp\":1000},"
				       "{" EC2_PRIVATE ",\"kid\":\"new\",\"nbf\":2000}");
	struct keyset set;

	(void)state;
	assert_int_equal(keyset_parse(str_of(json), KEYSET_SIGN, &set, NULL), ERR_OK);
	assert_null(signs(&set, 1500));
	keyset_done(&set);
}

static void
of_equal_keys_the_later_made_signs(void **state)
{
	static const char json[] = SET("{" EC_PRIVATE ",\"kid\":\"b\",\"iat\":2},"
				       "{" EC2_PRIVATE ",\"kid\":\"c\",\"iat\":1}");
	static const char same[] = SET("{" EC_PRIVATE ",\"kid\":\"b\",\"iat\":2},"
				       "{" EC2_PRIVATE ",\"kid\":\"a\",\"iat\":2}");
	struct keyset set;

	(void)state;
	assert_int_equal(keyset_parse(str_of(json), KEYSET_SIGN, &set, NULL), ERR_OK);
	assert_true(str_is(jwk_kid(signs(&set, 10)), "b"));
	keyset_done(&set);
	assert_int_equal(keyset_parse(str_of(same), KEYSET_SIGN, &set, NULL), ERR_OK);
	assert_true(str_is(jwk_kid(signs(&set, 10)), "a"));
	keyset_done(&set);
}

static void
each_algorithm_has_a_key_that_signs(void **state)
{
	static const char json[] =
		SET("{" EC_PRIVATE ",\"kid\":\"old\"},"
		    "{" EC2_PRIVATE ",\"kid\":\"new\",\"nbf\":2000},"
		    "{" OKP_PRIVATE ",\"kid\":\"okp\",\"nbf\":3000,\"exp\":4000}");
	const struct alg *ec = alg_find(STR("ES256")), *okp = alg_find(STR("EdDSA"));
	struct keyset set;
	struct jwk *new, *ed;

	(void)state;
	assert_int_equal(keyset_parse(str_of(json), KEYSET_SIGN, &set, NULL), ERR_OK);
	new = keyset_find(&set, true, STR("new"), 1);
	ed = keyset_find(&set, true, STR("okp"), 1);
	assert_null(keyset_signing_key(&set, okp, 2999, NULL));
	assert_int_equal(keyset_state(&set, ed, 2999), KEY_WAITING);
	assert_ptr_equal(keyset_signing_key(&set, okp, 3000, NULL), ed);
	assert_ptr_equal(keyset_signing_key(&set, ec, 3000, NULL), new);
	assert_int_equal(keyset_state(&set, ed, 3000), KEY_SIGNING);
	assert_int_equal(keyset_state(&set, new, 3000), KEY_SIGNING);
	assert_null(keyset_signing_key(&set, alg_find(STR("RS256")), 3000, NULL));
	keyset_done(&set);
}

/* ES256 where nothing is named, or the only one; of several others none is guessed. */
static void
which_algorithm_signs_is_never_guessed(void **state)
{
	static const struct {
		const char *json, *kid;
	} rows[] = {
		{ SET("{" OKP_PRIVATE ",\"kid\":\"a\"}"), "a" },
		{ SET("{" OKP_PRIVATE ",\"kid\":\"a\",\"nbf\":9},{" EC_PRIVATE
		      ",\"kid\":\"b\"}"),
		  "b" },
		{ SET("{" OKP_PRIVATE ",\"kid\":\"a\"},{" EC_PRIVATE
		      ",\"kid\":\"b\",\"nbf\":11}"),
		  "a" },
		{ SET("{" OKP_PRIVATE ",\"kid\":\"a\"},{" OKP_PRIVATE
		      ",\"kid\":\"b\",\"alg\":\"Ed25519\"}"),
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct why why = { "" };
		struct keyset set;
		struct jwk *key;

		assert_int_equal(
			keyset_parse(str_of(rows[i].json), KEYSET_SIGN, &set, NULL),
			ERR_OK);
		key = keyset_signing_key(&set, NULL, 10, &why);
		if (rows[i].kid != NULL)
			assert_true(str_is(jwk_kid(key), rows[i].kid));
		else
			assert_true(key == NULL &&
				    strstr(why.text, "signing_alg") != NULL);
		keyset_done(&set);
	}
}

/* What is left of a key that signs no longer stands beside private keys; others do not. */
static void
a_public_half_that_ends_verifies_beside_private_keys(void **state)
{
	static const char json[] = SET("{" EC_PUBLIC ",\"kid\":\"old\",\"exp\":3000},"
				       "{" EC2_PRIVATE ",\"kid\":\"new\"}");
	struct keyset set;
	struct jwk *old;

	(void)state;
	accept(SET("{" EC2_PRIVATE "},{" EC_PUBLIC ",\"exp\":9}"), KEYSET_MANAGE, 2, 2);
	accept(SET("{" EC_PUBLIC ",\"exp\":9},{" EC2_PRIVATE "}"), KEYSET_MANAGE, 2, 2);
	assert_int_equal(keyset_parse(str_of(json), KEYSET_SIGN, &set, NULL), ERR_OK);
	assert_true(keyset_is_secret(&set));
	assert_true(str_is(jwk_kid(signs(&set, 10)), "new"));
	old = keyset_find(&set, true, STR("old"), 10);
	assert_non_null(old);
	assert_int_equal(old->ops, JWK_OP_VERIFY);
	assert_int_equal(keyset_state(&set, old, 10), KEY_VERIFYING);
	keyset_done(&set);
	refuse(SET("{" EC_PUBLIC "},{" EC2_PRIVATE "}"), KEYSET_SIGN, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC ",\"exp\":9},{" OKP_PUBLIC "},{" EC2_PRIVATE "}"),
	       KEYSET_SIGN, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC ",\"exp\":9},{" OCT "}"), KEYSET_SIGN, ERR_SYNTAX);
	refuse(SET("{" OCT "},{" EC_PUBLIC ",\"exp\":9}"), KEYSET_SIGN, ERR_SYNTAX);
	refuse(SET("{" EC_PUBLIC ",\"exp\":9},{" EC2_PRIVATE "}"), KEYSET_VERIFY,
	       ERR_PERMISSION);
	refuse(SET("{" EC_PUBLIC ",\"exp\":9}"), KEYSET_SIGN, ERR_UNSUPPORTED);
}

static void
publishes_public_parts_of_living_keys(void **state)
{
	static const char json[] = SET("{" EC_PRIVATE ",\"kid\":\"old\",\"exp\":1000},"
				       "{" EC2_PRIVATE ",\"kid\":\"now\",\"exp\":5000},"
				       "{" OKP_PRIVATE ",\"kid\":\"next\",\"nbf\":9000}");
	struct keyset set, published;
	struct buf b;

	(void)state;
	buf_init(&b, KEYSET_BYTES);
	assert_int_equal(keyset_parse(str_of(json), KEYSET_MANAGE, &set, NULL), ERR_OK);
	assert_int_equal(keyset_write_public(&set, 2000, &b), ERR_OK);
	keyset_done(&set);
	assert_null(strstr(buf_z(&b), "\"d\""));
	assert_int_equal(keyset_parse(buf_str(&b), KEYSET_VERIFY, &published, NULL),
			 ERR_OK);
	assert_int_equal(published.n, 2);
	assert_true(str_is(jwk_kid(&published.keys[0]), "next"));
	assert_true(str_is(jwk_kid(&published.keys[1]), "now"));
	assert_int_equal(published.keys[1].exp, 5000);
	keyset_done(&published);
	buf_clear(&b);
	assert_int_equal(keyset_parse(STR("{" OCT "}"), KEYSET_MANAGE, &set, NULL),
			 ERR_OK);
	assert_int_equal(keyset_write_public(&set, 2000, &b), ERR_PERMISSION);
	assert_null(strstr(buf_z(&b), RFC7515_A1_K));
	keyset_done(&set);
	buf_done(&b);
}

#define RSA_UNNAMED "\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" RFC7515_A2_N "\""

/* The algorithm of the only key that is left, or "" where none is. */
static void
names(const char *json, const char *unnamed, const char *expected)
{
	struct why why = { "" };
	struct keyset set;
	enum err e = keyset_parse_as(str_of(json), KEYSET_VERIFY,
				     alg_find(str_of(unnamed)), &set, &why);
	const char *found = e == ERR_OK && set.n == 1 ? set.keys[0].alg->name : "";

	if (strcmp(found, expected) != 0 || (e != ERR_OK && e != ERR_UNSUPPORTED))
		fail_msg("%s for %s: %s, %s", found, json, unnamed, why.text);
	keyset_done(&set);
}

/* Entra publishes RSA keys without alg; which one they are for, the settings say. */
static void
keys_that_name_no_alg_are_for_the_one_of_the_settings_alone(void **state)
{
	(void)state;
	names("{" RSA_UNNAMED "}", "", "");
	names("{" RSA_UNNAMED "}", "RS256", "RS256");
	names("{" RSA_UNNAMED "}", "PS384", "PS384");
	names("{" RSA_UNNAMED ",\"use\":\"sig\"}", "RS256", "RS256");
	names("{" RSA_UNNAMED "}", "ES256", "");
	names("{" RSA_UNNAMED "}", "HS256", "");
	names("{" RSA_UNNAMED ",\"use\":\"enc\"}", "RS256", "");
	names("{" RSA_UNNAMED ",\"key_ops\":[\"encrypt\"]}", "RS256", "");
	names("{" RSA_PUBLIC "}", "RS512", "RS256"); /* it names its own */
	names("{" EC_PUBLIC "}", "", "ES256");       /* the curve implies it */
	names("{" EC_PUBLIC "}", "ES256", "ES256");
	names("{" EC_PUBLIC "}", "ES384", "");
	names("{" EC_PUBLIC "}", "RS256", "");
	names(SET("{" EC_PUBLIC ",\"use\":\"enc\"},{" RSA_UNNAMED "}"), "RS256", "RS256");
	names(SET("{" RSA_UNNAMED "},{" EC_PUBLIC "}"), "ES256", "ES256");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			keys_that_name_no_alg_are_for_the_one_of_the_settings_alone),
		cmocka_unit_test(loads_a_key_or_a_set),
		cmocka_unit_test(refuses_what_is_no_set),
		cmocka_unit_test(one_bad_key_refuses_the_set),
		cmocka_unit_test(refuses_one_kid_twice),
		cmocka_unit_test(refuses_secret_and_public_keys_together),
		cmocka_unit_test(a_verifier_takes_no_private_key),
		cmocka_unit_test(passes_over_keys_for_something_else),
		cmocka_unit_test(refuses_too_many_keys),
		cmocka_unit_test(finds_by_kid_or_the_only_key),
		cmocka_unit_test(a_key_that_is_over_is_not_found),
		cmocka_unit_test(rotation_moves_the_signature_on),
		cmocka_unit_test(finds_each_of_a_thousand_keys),
		cmocka_unit_test(nothing_signs_when_every_key_is_over_or_waits),
		cmocka_unit_test(of_equal_keys_the_later_made_signs),
		cmocka_unit_test(each_algorithm_has_a_key_that_signs),
		cmocka_unit_test(which_algorithm_signs_is_never_guessed),
		cmocka_unit_test(a_public_half_that_ends_verifies_beside_private_keys),
		cmocka_unit_test(publishes_public_parts_of_living_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
