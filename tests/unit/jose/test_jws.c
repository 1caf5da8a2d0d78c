#include "jws_fixture.h"

/* n tokens by n keys, with and without kid: only the diagonal verifies. */
static void
only_the_own_key_verifies(void **state)
{
	struct keyset sets[SIGNING];

	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		verifying_set(&keys[i], &sets[i]);
	for (size_t i = 0; i < SIGNING; i++) {
		struct buf token, nameless;
		char header[64];

		sign_with(&keys[i], STR("x"), &token);
		snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", alg_at(i)->name);
		forge(i, header, "x", NULL, &nameless);
		for (size_t j = 0; j < SIGNING; j++) {
			enum jwt_refusal r = verify(&sets[j], buf_str(&token), NULL);

			assert_int_equal(r, i == j ? JWT_ACCEPTED : JWT_NO_KEY);
			r = verify(&sets[j], buf_str(&nameless), NULL);
			assert_int_equal(r, i == j ? JWT_SIGNATURE : JWT_ALGORITHM);
		}
		buf_done(&token);
		buf_done(&nameless);
	}
	for (size_t i = 0; i < SIGNING; i++)
		keyset_done(&sets[i]);
}

/* The kid forged to that of the key: the algorithm decides, then the key does. */
static void
no_other_algorithm_passes_under_a_stolen_kid(void **state)
{
	(void)state;
	for (size_t j = 0; j < SIGNING; j++) {
		struct keyset set;

		verifying_set(&keys[j], &set);
		for (size_t i = 0; i < SIGNING; i++) {
			struct buf token;
			char header[128];

			snprintf(header, sizeof(header),
				 "{\"alg\":\"%s\",\"kid\":\"%s\"}", alg_at(i)->name,
				 keys[j].kid);
			forge(i, header, NULL, NULL, &token);
			assert_int_equal(verify(&set, buf_str(&token), NULL),
					 i == j ? JWT_ACCEPTED : JWT_ALGORITHM);
			buf_done(&token);
		}
		keyset_done(&set);
	}
}

static void
any_changed_byte_refuses(void **state)
{
	static const char replacements[] = "AQz09-_.=+/ \n\x80";

	(void)state;
	for (size_t i = 0; i < SIGNING; i++) {
		struct keyset set;
		struct buf token;

		verifying_set(&keys[i], &set);
		sign_with(&keys[i], STR("{\"sub\":\"me\"}"), &token);
		assert_int_equal(verify(&set, buf_str(&token), NULL), JWT_ACCEPTED);
		for (size_t at = 0; at < token.n; at++) {
			char was = token.p[at];
			char flipped = (char)(was ^ 1);
			/* all replacements are dear for slow algorithms */
			size_t n = alg_at(i)->family == ALG_HMAC
					   ? sizeof(replacements) - 1
					   : 1;

			token.p[at] = flipped;
			if (verify(&set, buf_str(&token), NULL) == JWT_ACCEPTED)
				fail_msg("%s: bit 0 of byte %zu", alg_at(i)->name, at);
			for (size_t k = 0; k < n; k++) {
				token.p[at] = replacements[k];
				if (replacements[k] != was &&
				    verify(&set, buf_str(&token), NULL) == JWT_ACCEPTED)
					fail_msg("%s: byte %zu", alg_at(i)->name, at);
			}
			token.p[at] = was;
		}
		assert_int_equal(verify(&set, buf_str(&token), NULL), JWT_ACCEPTED);
		buf_done(&token);
		keyset_done(&set);
	}
}

static void
any_cut_or_addition_refuses(void **state)
{
	struct keyset set;
	struct buf token, longer;

	(void)state;
	verifying_set(&keys[0], &set);
	sign_with(&keys[0], STR("{\"sub\":\"me\"}"), &token);
	for (size_t n = 0; n < token.n; n++) {
		assert_int_not_equal(verify(&set, str_sub(buf_str(&token), 0, n), NULL),
				     JWT_ACCEPTED);
		assert_int_not_equal(
			verify(&set, str_sub(buf_str(&token), n + 1, token.n), NULL),
			JWT_ACCEPTED);
	}
	for (int c = 0; c < 256; c++) {
		buf_init(&longer, JWS_MAX);
		buf_add(&longer, buf_str(&token));
		buf_addc(&longer, (char)c);
		assert_int_not_equal(verify(&set, buf_str(&longer), NULL), JWT_ACCEPTED);
		buf_done(&longer);
	}
	buf_done(&token);
	keyset_done(&set);
}

static void
refuses_other_than_three_parts(void **state)
{
	static const char *const bad[] = { "",
					   ".",
					   "..",
					   "...",
					   "a",
					   "e30",
					   "e30.",
					   ".e30.",
					   "e30.e30",
					   "e30.e30.e30.",
					   "e30.e30.e30.e30.e30" };
	struct keyset set;

	(void)state;
	verifying_set(&keys[0], &set);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_not_equal(verify(&set, str_of(bad[i]), NULL), JWT_ACCEPTED);
	keyset_done(&set);
}

static void
refuses_json_serialization(void **state)
{
	(void)state;
	assert_int_equal(
		verify_with("{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" RFC7520_K "\"}",
			    STR("{\"payload\":\"Zm9v\",\"protected\":\"e30\","
				"\"signature\":\"e30\"}")),
		JWT_MALFORMED);
}

/* RFC 8725, 2.1: the public key as an HMAC secret, in each form it comes in. */
static void
refuses_rsa_public_key_as_hmac_secret(void **state)
{
	static const char set[] =
		"{\"kty\":\"RSA\",\"alg\":\"RS256\",\"kid\":\"r\",\"n\":"
		"\"" RFC7515_A2_N "\",\"e\":\"AQAB\"}";
	static const char *const secrets[] = { RFC7515_A2_N, set };
	unsigned char mac[32];

	(void)state;
	for (size_t i = 0; i < COUNT(secrets); i++) {
		struct buf token;

		buf_init(&token, 10000);
		base64url_encode(&token, STR("{\"alg\":\"HS256\",\"kid\":\"r\"}"));
		buf_addz(&token, ".e30");
		assert_int_equal(mac_sha256(str_of(secrets[i]), buf_str(&token), mac),
				 ERR_OK);
		buf_addc(&token, '.');
		base64url_encode(&token, (struct str){ (char *)mac, sizeof(mac) });
		assert_int_equal(verify_with(set, buf_str(&token)), JWT_ALGORITHM);
		buf_done(&token);
	}
}

static const char p256[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X
			   "\",\"y\":\"" RFC7515_A3_Y "\"}";
static const char p256_n[] =
	"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff"
	"\xff\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63"
	"\x25\x51";

static enum jwt_refusal
verify_p256(struct str signature)
{
	enum jwt_refusal r;
	struct buf token;

	buf_init(&token, JWS_MAX);
	buf_addz(&token, "eyJhbGciOiJFUzI1NiJ9." RFC7515_PAYLOAD ".");
	base64url_encode(&token, signature);
	r = verify_with(p256, buf_str(&token));
	buf_done(&token);
	return r;
}

/* CVE-2022-21449 and its kin: r and s in {0, 1, n-1, n, n+1, 2^256-1}. */
static void
refuses_psychic_signatures(void **state)
{
	char numbers[6][32] = { { 0 }, { 0 } }, both[64];

	(void)state;
	numbers[1][31] = 1;
	for (size_t i = 2; i < 5; i++) {
		memcpy(numbers[i], p256_n, 32);
		numbers[i][31] = (char)(0x51 + (int)i - 3);
	}
	memset(numbers[5], 0xff, 32);
	for (size_t r = 0; r < 6; r++)
		for (size_t s = 0; s < 6; s++) {
			memcpy(both, numbers[r], 32);
			memcpy(both + 32, numbers[s], 32);
			assert_int_equal(verify_p256((struct str){ both, 64 }),
					 JWT_SIGNATURE);
		}
}

/* The good signature of A.3 in other clothes. */
static void
refuses_ecdsa_signature_of_another_form(void **state)
{
	unsigned char good[64], longer[66] = { 0 };
	char der[80];
	size_t n;
	struct str text = STR(RFC7515_A3);

	(void)state;
	text = str_sub(text, text.n - 86, 86);
	assert_true(base64url_decode_to(good, sizeof(good), &n, text));
	assert_int_equal(verify_p256((struct str){ (char *)good, 64 }), JWT_ACCEPTED);
	/* DER: both numbers of this one are 32 octets, s with its sign bit set */
	memcpy(der, "\x30\x45\x02\x20", 4);
	memcpy(der + 4, good, 32);
	memcpy(der + 36, "\x02\x21\x00", 3);
	memcpy(der + 39, good + 32, 32);
	assert_int_equal(verify_p256((struct str){ der, 71 }), JWT_SIGNATURE);
	/* a leading zero each, a trailing one, one octet less, none at all */
	memcpy(longer + 1, good, 32);
	memcpy(longer + 34, good + 32, 32);
	assert_int_equal(verify_p256((struct str){ (char *)longer, 66 }), JWT_SIGNATURE);
	memcpy(longer, good, 64);
	longer[64] = 0;
	assert_int_equal(verify_p256((struct str){ (char *)longer, 65 }), JWT_SIGNATURE);
	assert_int_equal(verify_p256((struct str){ (char *)good, 63 }), JWT_SIGNATURE);
	assert_int_equal(verify_p256((struct str){ (char *)good, 32 }), JWT_SIGNATURE);
	assert_int_equal(verify_p256(STR("")), JWT_SIGNATURE);
	/* (r, -s) is another signature of the same message, which ECDSA allows;
	 * (-r, s) is none */
	good[0] ^= 0x80;
	assert_int_equal(verify_p256((struct str){ (char *)good, 64 }), JWT_SIGNATURE);
}

static void
refuses_signature_of_wrong_length(void **state)
{
	char octets[1025] = { 0 };

	(void)state;
	for (size_t i = 0; i < SIGNING; i++) {
		static const size_t lengths[] = { 0,  1,  16, 31,  33,  47,  49,  63,
						  65, 95, 97, 131, 133, 255, 257, 1024 };
		struct keyset set;

		verifying_set(&keys[i], &set);
		for (size_t k = 0; k < COUNT(lengths); k++) {
			struct str signature = { octets, lengths[k] };
			struct buf token;

			forge(i, NULL, NULL, &signature, &token);
			assert_int_equal(verify(&set, buf_str(&token), NULL),
					 JWT_SIGNATURE);
			buf_done(&token);
		}
		keyset_done(&set);
	}
}

/* A PSS signature that starts with a zero octet, without it. */
static void
refuses_rsa_signature_without_its_leading_zero(void **state)
{
	unsigned char signature[256];
	struct keyset set;
	struct str part[3];
	bool tried = false;
	size_t n;

	(void)state;
	verifying_set(&keys[6], &set);
	assert_int_equal(keys[6].alg->family, ALG_RSA_PSS);
	for (int i = 0; i < 5000 && !tried; i++) {
		struct buf token, shorter;

		sign_with(&keys[6], STR("x"), &token);
		assert_true(compact_split(buf_str(&token), part, 3));
		assert_true(base64url_decode_to(signature, 256, &n, part[2]));
		tried = signature[0] == 0;
		buf_init(&shorter, JWS_MAX);
		buf_add(&shorter,
			str_sub(buf_str(&token), 0, part[0].n + 1 + part[1].n + 1));
		base64url_encode(&shorter, (struct str){ (char *)signature + 1, 255 });
		if (tried)
			assert_int_equal(verify(&set, buf_str(&shorter), NULL),
					 JWT_SIGNATURE);
		buf_done(&shorter);
		buf_done(&token);
	}
	assert_true(tried);
	keyset_done(&set);
}

/* `use` and `key_ops` count; a private key may still be for signing only. */
static void
honours_what_a_key_is_for(void **state)
{
	static const char *const members[] = { "\"use\":\"enc\"", "\"use\":\"other\"",
					       "\"key_ops\":[\"sign\"]",
					       "\"key_ops\":[]" };
	struct keyset set;
	char jwk[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(members); i++) {
		snprintf(jwk, sizeof(jwk),
			 "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X
			 "\",\"y\":\"" RFC7515_A3_Y "\",%s}",
			 members[i]);
		assert_int_equal(keyset_parse(str_of(jwk), KEYSET_VERIFY, &set, NULL),
				 ERR_UNSUPPORTED);
		keyset_done(&set);
	}
	assert_int_equal(
		verify_with("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X
			    "\",\"y\":\"" RFC7515_A3_Y "\",\"key_ops\":[\"verify\"]}",
			    STR(RFC7515_A3)),
		JWT_ACCEPTED);
}

static void
signs_only_with_what_may_sign(void **state)
{
	struct keyset set;
	struct why why;
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(keyset_parse(str_of(p256), KEYSET_VERIFY, &set, &why), ERR_OK);
	assert_int_equal(jws_sign(&set.keys[0], NULL, STR("x"), &out), ERR_PERMISSION);
	assert_int_equal(out.n, 0);
	keyset_done(&set);
	assert_int_equal(keyset_parse(str_of(p256), KEYSET_SIGN, &set, &why),
			 ERR_UNSUPPORTED);
	keyset_done(&set);
	buf_done(&out);
}

static void
payload_may_be_any_octets_or_none(void **state)
{
	static const struct str payloads[] = { { "", 0 }, { "\0\xff\n.", 4 } };

	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		for (size_t k = 0; k < COUNT(payloads); k++) {
			struct keyset set;
			struct buf token, back;

			verifying_set(&keys[i], &set);
			sign_with(&keys[i], payloads[k], &token);
			buf_init(&back, 100);
			assert_int_equal(verify(&set, buf_str(&token), &back),
					 JWT_ACCEPTED);
			assert_true(str_eq(buf_str(&back), payloads[k]));
			buf_done(&back);
			buf_done(&token);
			keyset_done(&set);
		}
}

static void
payload_that_does_not_fit_is_refused_whole(void **state)
{
	struct keyset set;
	struct buf token, back;
	enum jwt_refusal r;
	struct header h;

	(void)state;
	verifying_set(&keys[0], &set);
	sign_with(&keys[0], STR("0123456789"), &token);
	buf_init(&back, 9);
	assert_int_equal(jws_verify(&set, buf_str(&token), NOW, &h, &back, &r),
			 VERDICT_DENY);
	assert_int_equal(r, JWT_TOO_LONG);
	assert_int_equal(back.n, 0);
	header_done(&h);
	buf_done(&back);
	buf_done(&token);
	keyset_done(&set);
}

static void
peek_shows_but_does_not_verify(void **state)
{
	struct header h;
	struct buf payload;

	(void)state;
	buf_init(&payload, 1000);
	assert_int_equal(jws_peek(STR("eyJhbGciOiJIUzI1NiJ9.e30."), &h, &payload),
			 JWT_ACCEPTED);
	assert_string_equal(buf_z(&payload), "{}");
	header_done(&h);
	assert_int_equal(jws_peek(STR(RFC7515_A5), &h, &payload), JWT_UNSUPPORTED);
	header_done(&h);
	assert_int_equal(jws_peek(STR("e30.e30"), &h, &payload), JWT_MALFORMED);
	header_done(&h);
	buf_done(&payload);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_own_key_verifies),
		cmocka_unit_test(no_other_algorithm_passes_under_a_stolen_kid),
		cmocka_unit_test(any_changed_byte_refuses),
		cmocka_unit_test(any_cut_or_addition_refuses),
		cmocka_unit_test(refuses_other_than_three_parts),
		cmocka_unit_test(refuses_json_serialization),
		cmocka_unit_test(refuses_rsa_public_key_as_hmac_secret),
		cmocka_unit_test(refuses_psychic_signatures),
		cmocka_unit_test(refuses_ecdsa_signature_of_another_form),
		cmocka_unit_test(refuses_signature_of_wrong_length),
		cmocka_unit_test(refuses_rsa_signature_without_its_leading_zero),
		cmocka_unit_test(honours_what_a_key_is_for),
		cmocka_unit_test(signs_only_with_what_may_sign),
		cmocka_unit_test(payload_may_be_any_octets_or_none),
		cmocka_unit_test(payload_that_does_not_fit_is_refused_whole),
		cmocka_unit_test(peek_shows_but_does_not_verify),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
