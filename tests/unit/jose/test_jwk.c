#include "jwk_fixture.h"

static void
implies_an_algorithm_where_it_can(void **state)
{
	struct why why;
	struct jwk key;

	(void)state;
	accept(EC(EC_X "," EC_Y), "ES256");
	accept(EC(EC_X "," EC_Y "," EC_D), "ES256");
	accept(EC(EC_X "," EC_Y ",\"use\":\"sig\""), "ES256");
	accept(EC(EC_X "," EC_Y ",\"use\":\"enc\""), "ECDH-ES");
	accept(EC(EC_X "," EC_Y ",\"key_ops\":[\"deriveKey\"]"), "ECDH-ES");
	accept("{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" RFC7520_X
	       "\",\"y\":\"" RFC7520_Y "\"}",
	       "ES512");
	accept(OKP(OKP_X), "EdDSA");
	accept(OKP(OKP_X "," OKP_D ",\"alg\":\"Ed25519\""), "Ed25519");
	accept("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" RFC8037_X "\"}", "ECDH-ES");
	refuse_as(OCT(OCT_K), ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"RSA\"," RSA_N "," RSA_E "}", ERR_UNSUPPORTED);
	assert_int_equal(take(EC(EC_X "," EC_Y), JWK_FOR_ENCRYPTION, &key, &why), ERR_OK);
	assert_string_equal(key.alg->name, "ECDH-ES");
	assert_false(key.alg_said);
	jwk_done(&key);
}

static void
refuses_contradictions(void **state)
{
	(void)state;
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"ES384\""));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"RS256\""));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"HS256\""));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"EdDSA\""));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"ES256\",\"use\":\"enc\""));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"ECDH-ES\",\"use\":\"sig\""));
	refuse(EC(EC_X "," EC_Y ",\"use\":\"sig\",\"key_ops\":[\"deriveKey\"]"));
	refuse(EC(EC_X "," EC_Y ",\"use\":\"enc\",\"key_ops\":[\"verify\"]"));
	refuse(EC(EC_X "," EC_Y ",\"alg\":\"ES256\",\"key_ops\":[\"deriveBits\"]"));
	refuse(EC(EC_X "," EC_Y ",\"key_ops\":[\"verify\",\"verify\"]"));
	refuse(RSA(RSA_N "," RSA_E ",\"use\":\"enc\""));
	refuse(OCT(OCT_K ",\"alg\":\"RS256\""));
	refuse(OCT(OCT_K ",\"alg\":\"ES256\""));
	refuse(OKP(OKP_X ",\"alg\":\"ECDH-ES\""));
	refuse("{\"kty\":\"OKP\",\"crv\":\"P-256\"," EC_X "," EC_Y "}");
	refuse("{\"kty\":\"EC\",\"crv\":\"Ed25519\"," OKP_X "}");
	refuse("{\"kty\":\"OKP\",\"crv\":\"X25519\"," OKP_X ",\"alg\":\"EdDSA\"}");
}

static void
refuses_members_of_wrong_type(void **state)
{
	(void)state;
	refuse("{}");
	refuse("[]");
	refuse("{\"kty\":null}");
	refuse("{\"kty\":[\"EC\"]}");
	refuse("{\"kty\":\"EC\"}");
	refuse("{\"kty\":\"EC\",\"crv\":256}");
	refuse(EC(EC_X "," EC_Y ",\"alg\":1"));
	refuse(EC(EC_X "," EC_Y ",\"alg\":null"));
	refuse(EC(EC_X "," EC_Y ",\"use\":[\"sig\"]"));
	refuse(EC(EC_X "," EC_Y ",\"key_ops\":\"verify\""));
	refuse(EC(EC_X "," EC_Y ",\"key_ops\":[1]"));
	refuse(EC(EC_X "," EC_Y ",\"kid\":1"));
	refuse(EC(EC_X "," EC_Y ",\"kid\":null"));
	refuse(EC(EC_X "," EC_Y ",\"d\":null"));
	refuse(EC(EC_X ",\"y\":1"));
	refuse(EC(EC_X));
	refuse(EC(EC_Y));
	refuse(EC(EC_X "," EC_Y ",\"exp\":\"never\""));
	refuse(EC(EC_X "," EC_Y ",\"exp\":0"));
	refuse(EC(EC_X "," EC_Y ",\"nbf\":-1"));
	refuse(EC(EC_X "," EC_Y ",\"signed_until\":\"x\""));
	refuse(EC(EC_X "," EC_Y "," EC_D ",\"iat\":1e300"));
	refuse(OCT("\"alg\":\"HS256\",\"k\":[]"));
	refuse(OCT("\"alg\":\"HS256\""));
	refuse(RSA(RSA_N));
	refuse(RSA(RSA_E));
}

static void
passes_over_what_is_not_on_offer(void **state)
{
	(void)state;
	refuse_as("{\"kty\":\"XYZ\"}", ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"ec\"}", ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"\"}", ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"EC\",\"crv\":\"secp256k1\"," EC_X "," EC_Y "}",
		  ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"EC\",\"crv\":\"p-256\"," EC_X "," EC_Y "}",
		  ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"OKP\",\"crv\":\"Ed448\"," OKP_X "}", ERR_UNSUPPORTED);
	refuse_as("{\"kty\":\"RSA\",\"alg\":\"RSA1_5\"," RSA_N "," RSA_E "}",
		  ERR_UNSUPPORTED);
	refuse_as(OCT(OCT_K ",\"alg\":\"none\""), ERR_UNSUPPORTED);
	refuse_as(OCT(OCT_K ",\"alg\":\"\""), ERR_UNSUPPORTED);
	refuse_as(OCT(OCT_K ",\"alg\":\"PBES2-HS256+A128KW\""), ERR_UNSUPPORTED);
}

static void
knows_the_thumbprints_of_the_rfcs(void **state)
{
	static const struct {
		const char *jwk, *thumbprint;
	} vectors[] = {
		{ "{\"kty\":\"RSA\",\"n\":\"" RFC7517_N
		  "\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}",
		  RFC7638_THUMBPRINT },
		{ OKP(OKP_X ",\"use\":\"sig\",\"kid\":\"any\""), RFC8037_THUMBPRINT },
		{ OKP(OKP_D "," OKP_X), RFC8037_THUMBPRINT },
	};
	struct why why;
	struct jwk key;

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		assert_int_equal(take(vectors[i].jwk, JWK_FOR_SIGNATURES, &key, &why),
				 ERR_OK);
		assert_string_equal(key.thumbprint, vectors[i].thumbprint);
		jwk_done(&key);
	}
	assert_int_equal(take(OKP(OKP_X), JWK_FOR_SIGNATURES, &key, &why), ERR_OK);
	assert_true(str_is(jwk_kid(&key), RFC8037_THUMBPRINT));
	assert_false(key.kid_said);
	jwk_done(&key);
}

static void
knows_what_a_key_may_do(void **state)
{
	static const struct {
		const char *jwk;
		unsigned ops;
	} table[] = {
		{ EC(EC_X "," EC_Y), JWK_OP_VERIFY },
		{ EC(EC_X "," EC_Y "," EC_D), JWK_OP_SIGN | JWK_OP_VERIFY },
		{ EC(EC_X "," EC_Y "," EC_D ",\"key_ops\":[\"sign\"]"), JWK_OP_SIGN },
		{ EC(EC_X "," EC_Y ",\"key_ops\":[\"sign\"]"), 0 },
		{ EC(EC_X "," EC_Y ",\"key_ops\":[]"), 0 },
		{ EC(EC_X "," EC_Y ",\"key_ops\":[\"verify\",\"x\"]"), JWK_OP_VERIFY },
		{ EC(EC_X "," EC_Y ",\"use\":\"x\""), 0 },
		{ EC(EC_X "," EC_Y ",\"use\":\"enc\""), JWK_OP_ENCRYPT },
		{ EC(EC_X "," EC_Y "," EC_D ",\"use\":\"enc\""),
		  JWK_OP_ENCRYPT | JWK_OP_DECRYPT },
		{ OCT(OCT_K ",\"alg\":\"HS256\""), JWK_OP_SIGN | JWK_OP_VERIFY },
		{ OCT(OCT_K ",\"alg\":\"HS256\",\"key_ops\":[\"verify\"]"),
		  JWK_OP_VERIFY },
	};
	struct why why;
	struct jwk key;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(take(table[i].jwk, JWK_FOR_SIGNATURES, &key, &why),
				 ERR_OK);
		assert_int_equal(key.ops, table[i].ops);
		jwk_done(&key);
	}
}

/* Every algorithm's new key: written, read, and written the same. */
static void
writes_what_it_makes(void **state)
{
	(void)state;
	for (size_t i = 0; alg_at(i) != NULL; i++) {
		enum jwk_default purpose = alg_at(i)->use == ALG_SIGN
						   ? JWK_FOR_SIGNATURES
						   : JWK_FOR_ENCRYPTION;
		struct jwk key, again;
		struct buf first, second;
		struct why why = { 0 };

		buf_init(&first, JWK_MAX);
		buf_init(&second, JWK_MAX);
		if (jwk_make(alg_at(i), 2048, CURVE_NONE, 1234567890, &key, &why) !=
		    ERR_OK)
			fail_msg("%s: %s", alg_at(i)->name, why.text);
		assert_true(key.is_private);
		assert_ptr_equal(key.alg, alg_at(i));
		assert_int_equal(key.iat, 1234567890);
		assert_int_equal(jwk_write(&key, JWK_WHOLE, &first), ERR_OK);
		assert_int_equal(take(buf_z(&first), purpose, &again, &why), ERR_OK);
		assert_int_equal(jwk_write(&again, JWK_WHOLE, &second), ERR_OK);
		assert_string_equal(buf_z(&first), buf_z(&second));
		assert_string_equal(key.kid, key.thumbprint);
		jwk_done(&key);
		jwk_done(&again);
		buf_done(&first);
		buf_done(&second);
	}
}

/* Which the command would take for an option. Chance spares 640 once in 24,000. */
static void
makes_no_kid_with_a_hyphen_first(void **state)
{
	struct jwk key;

	(void)state;
	for (int i = 0; i < 640; i++) {
		assert_int_equal(
			jwk_make(alg_find(STR("HS256")), 0, CURVE_NONE, 1, &key, NULL),
			ERR_OK);
		assert_int_not_equal(key.kid[0], '-');
		jwk_done(&key);
	}
}

static void
public_form_holds_nothing_private(void **state)
{
	static const char *const private_members[] = {
		"\"d\"",  "\"p\"", "\"q\"",   "\"dp\"",      "\"dq\"",
		"\"qi\"", "\"k\"", "\"nbf\"", "signed_until"
	};
	struct why why;
	struct jwk key;
	struct buf b;

	(void)state;
	for (size_t i = 0; alg_at(i) != NULL; i++) {
		assert_int_equal(jwk_make(alg_at(i), 2048, CURVE_NONE, 1, &key, &why),
				 ERR_OK);
		key.nbf = 2;
		key.signed_until = 4;
		buf_init(&b, JWK_MAX);
		if (key.type == KEY_OCT) {
			assert_int_equal(jwk_write(&key, JWK_PUBLIC, &b), ERR_PERMISSION);
			assert_int_equal(b.n, 0);
		} else {
			assert_int_equal(jwk_write(&key, JWK_PUBLIC, &b), ERR_OK);
			assert_non_null(strstr(buf_z(&b), "\"iat\":1"));
			for (size_t k = 0; k < COUNT(private_members); k++)
				assert_null(strstr(buf_z(&b), private_members[k]));
		}
		buf_done(&b);
		jwk_done(&key);
	}
}

static void
ignores_a_time_of_making_that_another_issuer_wrote_in_another_way(void **state)
{
	static const char *const others[] = { "1e300", "\"2026-11-30\"", "-1", "null",
					      "[]" };
	struct why why;
	struct jwk key;
	char json[512];

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		snprintf(json, sizeof(json), EC(EC_X "," EC_Y ",\"iat\":%s"), others[i]);
		assert_int_equal(take(json, JWK_FOR_SIGNATURES, &key, &why), ERR_OK);
		assert_int_equal(key.iat, 0);
		jwk_done(&key);
	}
}

static void
keeps_its_times_and_operations_when_written(void **state)
{
	struct why why;
	struct jwk key;
	struct buf b;

	(void)state;
	assert_int_equal(
		take(EC(EC_X "," EC_Y "," EC_D
			     ",\"key_ops\":[\"sign\"],\"iat\":1,\"nbf\":2,\"exp\":3,"
			     "\"signed_until\":4,"
			     "\"kid\":\"\\\"\\u00e9\""),
		     JWK_FOR_SIGNATURES, &key, &why),
		ERR_OK);
	buf_init(&b, JWK_MAX);
	assert_int_equal(jwk_write(&key, JWK_WHOLE, &b), ERR_OK);
	jwk_done(&key);
	assert_int_equal(take(buf_z(&b), JWK_FOR_SIGNATURES, &key, &why), ERR_OK);
	assert_true(key.iat == 1 && key.nbf == 2 && key.exp == 3 &&
		    key.signed_until == 4);
	assert_int_equal(key.ops, JWK_OP_SIGN);
	assert_true(str_is(jwk_kid(&key), "\"\xc3\xa9"));
	jwk_done(&key);
	buf_done(&b);
}

static void
makes_no_weak_rsa_key(void **state)
{
	struct why why;
	struct jwk key;

	(void)state;
	assert_int_equal(
		jwk_make(alg_find(STR("RS256")), 1024, CURVE_NONE, 1, &key, &why),
		ERR_SYNTAX);
	assert_int_equal(
		jwk_make(alg_find(STR("RS256")), 16384, CURVE_NONE, 1, &key, &why),
		ERR_SYNTAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(implies_an_algorithm_where_it_can),
		cmocka_unit_test(refuses_contradictions),
		cmocka_unit_test(refuses_members_of_wrong_type),
		cmocka_unit_test(passes_over_what_is_not_on_offer),
		cmocka_unit_test(knows_the_thumbprints_of_the_rfcs),
		cmocka_unit_test(knows_what_a_key_may_do),
		cmocka_unit_test(writes_what_it_makes),
		cmocka_unit_test(makes_no_kid_with_a_hyphen_first),
		cmocka_unit_test(public_form_holds_nothing_private),
		cmocka_unit_test(
			ignores_a_time_of_making_that_another_issuer_wrote_in_another_way),
		cmocka_unit_test(keeps_its_times_and_operations_when_written),
		cmocka_unit_test(makes_no_weak_rsa_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
