#include "jws_fixture.h"

static const char p256[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X
			   "\",\"y\":\"" RFC7515_A3_Y "\"}";

static void
verifies_the_vectors_of_the_rfcs(void **state)
{
	static const struct {
		const char *jwk, *token;
	} vectors[] = {
		{ "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" RFC7515_A1_K "\"}",
		  RFC7515_A1 },
		{ "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":"
		  "\"" RFC7515_A2_N "\"}",
		  RFC7515_A2 },
		{ p256, RFC7515_A3 },
		{ "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" RFC7515_A4_X
		  "\",\"y\":\"" RFC7515_A4_Y "\"}",
		  RFC7515_A4 },
		{ "{\"kty\":\"RSA\",\"kid\":\"" RFC7520_KID
		  "\",\"use\":\"sig\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"" RFC7520_N
		  "\"}",
		  RFC7520_41 },
		{ "{\"kty\":\"RSA\",\"kid\":\"" RFC7520_KID
		  "\",\"use\":\"sig\",\"alg\":\"PS384\",\"e\":\"AQAB\",\"n\":\"" RFC7520_N
		  "\"}",
		  RFC7520_42 },
		{ "{\"kty\":\"EC\",\"kid\":\"" RFC7520_KID
		  "\",\"use\":\"sig\",\"crv\":\"P-521\",\"x\":\"" RFC7520_X
		  "\",\"y\":\"" RFC7520_Y "\"}",
		  RFC7520_43 },
		{ "{\"kty\":\"oct\",\"kid\":\"018c0ae5-4d9b-471b-bfd6-eef314bc7037\","
		  "\"use\":\"sig\",\"alg\":\"HS256\",\"k\":\"" RFC7520_K "\"}",
		  RFC7520_44 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X "\"}",
		  RFC8037_A4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++)
		for (size_t k = 0; k < COUNT(vectors); k++)
			if ((verify_with(vectors[k].jwk, str_of(vectors[i].token)) ==
			     JWT_ACCEPTED) != (i == k))
				fail_msg("token %zu, key %zu", i, k);
	for (size_t k = 0; k < COUNT(vectors); k++)
		assert_int_equal(verify_with(vectors[k].jwk, STR(RFC7515_A5)),
				 JWT_UNSUPPORTED);
}

/* Deterministic algorithms give the very tokens that the RFCs print. */
static void
signs_the_vectors_of_the_rfcs(void **state)
{
	static const struct {
		const char *jwk, *token;
	} vectors[] = {
		{ "{\"kty\":\"oct\",\"kid\":\"018c0ae5-4d9b-471b-bfd6-eef314bc7037\","
		  "\"use\":\"sig\",\"alg\":\"HS256\",\"k\":\"" RFC7520_K "\"}",
		  RFC7520_44 },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X
		  "\",\"d\":\"" RFC8037_D "\"}",
		  RFC8037_A4 },
		{ "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":"
		  "\"" RFC7515_A2_N "\",\"d\":\"" RFC7515_A2_D "\"}",
		  RFC7515_A2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		unsigned char signature[1024], own[1024];
		struct str part[3], own_part[3];
		struct buf payload, token;
		struct keyset set;
		size_t n, own_n;

		assert_true(compact_split(str_of(vectors[i].token), part, 3));
		buf_init(&payload, 1000);
		assert_true(base64url_decode(&payload, part[1]));
		assert_int_equal(
			keyset_parse(str_of(vectors[i].jwk), KEYSET_SIGN, &set, NULL),
			ERR_OK);
		sign_with(&set.keys[0], buf_str(&payload), &token);
		assert_true(compact_split(buf_str(&token), own_part, 3));
		assert_true(str_eq(part[1], own_part[1]));
		if (set.keys[0].kid_said) { /* the header is the same, then */
			assert_true(base64url_decode_to(signature, 1024, &n, part[2]));
			assert_true(base64url_decode_to(own, 1024, &own_n, own_part[2]));
			assert_int_equal(n, own_n);
			assert_memory_equal(signature, own, n);
		}
		assert_int_equal(verify(&set, buf_str(&token), NULL), JWT_ACCEPTED);
		buf_done(&payload);
		buf_done(&token);
		keyset_done(&set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verifies_the_vectors_of_the_rfcs),
		cmocka_unit_test(signs_the_vectors_of_the_rfcs),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
