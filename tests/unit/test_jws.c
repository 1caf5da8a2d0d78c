#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/mac.h"
#include "jose/jws_sign.h"
#include "jose/jws_verify.h"
#include "vectors.h"

#define NOW 2000000000
#define SIGNING 14 /* algorithms */

/* One made key for each algorithm, in the order of alg_at. */
static struct jwk keys[SIGNING];

static int
make_keys(void **state)
{
	struct why why;

	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		if (jwk_make(alg_at(i), 2048, CURVE_NONE, NOW, &keys[i], &why) != ERR_OK)
			return -1;
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		jwk_done(&keys[i]);
	return 0;
}

/* A set of that one key, as a program that verifies would load it. */
static void
verifying_set(const struct jwk *key, struct keyset *set)
{
	struct why why = { 0 };
	struct buf json;

	buf_init(&json, JWK_MAX);
	assert_int_equal(
		jwk_write(key, key->type == KEY_OCT ? JWK_WHOLE : JWK_PUBLIC, &json),
		ERR_OK);
	if (keyset_parse(buf_str(&json), KEYSET_VERIFY, set, &why) != ERR_OK)
		fail_msg("%s", why.text);
	buf_done(&json);
}

static enum jwt_refusal
verify(const struct keyset *set, struct str token, struct buf *payload)
{
	enum jwt_refusal r = JWT_ACCEPTED;
	struct header h;
	struct buf own;
	enum verdict v;

	buf_init(&own, JWS_MAX);
	v = jws_verify(set, token, NOW, &h, payload != NULL ? payload : &own, &r);
	assert_int_equal(v == VERDICT_ALLOW, r == JWT_ACCEPTED);
	if (v != VERDICT_ALLOW)
		assert_int_equal((payload != NULL ? payload : &own)->n, 0);
	header_done(&h);
	buf_done(&own);
	return r;
}

static enum jwt_refusal
verify_with(const char *jwk, struct str token)
{
	struct why why = { 0 };
	struct keyset set;
	enum jwt_refusal r;

	if (keyset_parse(str_of(jwk), KEYSET_VERIFY_ANY, &set, &why) != ERR_OK)
		fail_msg("%s: %s", why.text, jwk);
	r = verify(&set, token, NULL);
	keyset_done(&set);
	return r;
}

static void
sign_with(struct jwk *key, struct str payload, struct buf *token)
{
	buf_init(token, JWS_MAX);
	assert_int_equal(jws_sign(key, NULL, payload, token), ERR_OK);
}

/* The token of algorithm i, with its parts replaced where not NULL. */
static void
forge(size_t i, const char *header, const char *payload, struct str *signature,
      struct buf *out)
{
	struct buf token;
	struct str part[3];

	sign_with(&keys[i], STR("{\"a\":1}"), &token);
	assert_true(compact_split(buf_str(&token), part, 3));
	buf_init(out, JWS_MAX);
	if (header != NULL)
		base64url_encode(out, str_of(header));
	else
		buf_add(out, part[0]);
	buf_addc(out, '.');
	if (payload != NULL)
		base64url_encode(out, str_of(payload));
	else
		buf_add(out, part[1]);
	buf_addc(out, '.');
	if (signature != NULL)
		base64url_encode(out, *signature);
	else
		buf_add(out, part[2]);
	assert_false(out->failed);
	buf_done(&token);
}

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
		cmocka_unit_test(only_the_own_key_verifies),
		cmocka_unit_test(no_other_algorithm_passes_under_a_stolen_kid),
		cmocka_unit_test(any_changed_byte_refuses),
		cmocka_unit_test(any_cut_or_addition_refuses),
		cmocka_unit_test(refuses_other_than_three_parts),
		cmocka_unit_test(refuses_json_serialization),
		cmocka_unit_test(header_is_strict_json),
		cmocka_unit_test(header_needs_an_algorithm_of_ours),
		cmocka_unit_test(header_brings_no_key_and_no_extension),
		cmocka_unit_test(header_has_a_limit),
		cmocka_unit_test(kid_is_compared_byte_for_byte),
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
		cmocka_unit_test(verifies_the_vectors_of_the_rfcs),
		cmocka_unit_test(signs_the_vectors_of_the_rfcs),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
