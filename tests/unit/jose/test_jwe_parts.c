#include "check.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/base64url.h"
#include "base/buf.h"
#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"

static struct str
unhex(struct buf *b, const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	buf_init(b, 4096);
	for (; hex[0] != '\0'; hex += 2)
		buf_addc(b, (char)((strchr(digits, hex[0]) - digits) << 4 |
				   (strchr(digits, hex[1]) - digits)));
	return buf_str(b);
}

/* RFC 7518, appendix B: the key counts up from 0, the rest is the same. */
static const struct {
	const char *enc;
	const char *text;
	const char *tag;
} appendix_b[] = {
	{ "A128CBC-HS256",
	  "c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9"
	  "a94ac9b47ad2655c5f10f9aef71427e2fc6f9b3f399a221489f16362c7032336"
	  "09d45ac69864e3321cf82935ac4096c86e133314c54019e8ca7980dfa4b9cf1b"
	  "384c486f3a54c51078158ee5d79de59fbd34d848b3d69550a67646344427ade5"
	  "4b8851ffb598f7f80074b9473c82e2db",
	  "652c3fa36b0a7c5b3219fab3a30bc1c4" },
	{ "A192CBC-HS384",
	  "ea65da6b59e61edb419be62d19712ae5d303eeb50052d0dfd6697f77224c8edb"
	  "000d279bdc14c1072654bd30944230c657bed4ca0c9f4a8466f22b226d174621"
	  "4bf8cfc2400add9f5126e479663fc90b3bed787a2f0ffcbf3904be2a641d5c21"
	  "05bfe591bae23b1d7449e532eef60a9ac8bb6c6b01d35d49787bcd57ef484927"
	  "f280adc91ac0c4e79c7b11efc60054e3",
	  "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7" },
	{ "A256CBC-HS512",
	  "4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd"
	  "822c301dd67c373bccb584ad3e9279c2e6d12a1374b77f077553df829410446b"
	  "36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3"
	  "a3b75e662a2594410ae496b2e2e6609e31e6e02cc837f053d21f37ff4f51950b"
	  "be2638d09dd7a4930930806d0703b1f6",
	  "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5" },
};

static void
computes_appendix_b_of_rfc7518(void **state)
{
	const struct str plain =
		STR("A cipher system must not be required to be secret, and it must be "
		    "able to fall into the hands of the enemy without inconvenience");
	char key[64];
	struct buf iv;
	struct jwe_sealed with = { .aad = STR("The second principle of Auguste "
					      "Kerckhoffs") };

	(void)state;
	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (char)i;
	with.iv = unhex(&iv, "1af38c2dc2b96ffdd86694092341bc04");
	for (size_t i = 0; i < COUNT(appendix_b); i++) {
		const struct jwe_content *c = jwe_content_find(str_of(appendix_b[i].enc));
		unsigned char made[JWE_TAG_MAX];
		struct buf text, tag, out, back;
		bool authentic;

		with.key = (struct str){ key, c->key_size };
		unhex(&text, appendix_b[i].text);
		unhex(&tag, appendix_b[i].tag);
		buf_init(&out, 1024);
		buf_init(&back, 1024);
		assert_int_equal(jwe_content_encrypt(c, &with, plain, &out, made),
				 ERR_OK);
		assert_true(str_eq(buf_str(&out), buf_str(&text)));
		assert_int_equal(tag.n, c->tag_size);
		assert_memory_equal(made, tag.p, tag.n);
		with.tag = buf_str(&tag);
		assert_int_equal(
			jwe_content_decrypt(c, &with, buf_str(&text), &back, &authentic),
			ERR_OK);
		assert_true(authentic);
		assert_true(str_eq(buf_str(&back), plain));
		buf_done(&text);
		buf_done(&tag);
		buf_done(&out);
		buf_done(&back);
	}
	buf_done(&iv);
}

/* Encrypt under a key of 7s; the caller frees `out`. */
static void
seal(const struct jwe_content *c, struct str plain, struct buf *out,
     unsigned char tag[JWE_TAG_MAX])
{
	char key[JWE_KEY_MAX];
	char iv[JWE_IV_MAX];
	const struct jwe_sealed with = { .key = { key, c->key_size },
					 .iv = { iv, c->iv_size },
					 .aad = STR("header") };

	memset(key, 7, sizeof(key));
	memset(iv, 9, sizeof(iv));
	buf_init(out, 4096);
	assert_int_equal(jwe_content_encrypt(c, &with, plain, out, tag), ERR_OK);
}

static bool
opens(const struct jwe_content *c, struct str text, struct str tag, struct str aad,
      char key_octet, struct str plain)
{
	char key[JWE_KEY_MAX];
	char iv[JWE_IV_MAX];
	const struct jwe_sealed with = { .key = { key, c->key_size },
					 .iv = { iv, c->iv_size },
					 .aad = aad,
					 .tag = tag };
	struct buf out;
	bool authentic = true;
	bool same;

	memset(key, key_octet, sizeof(key));
	memset(iv, 9, sizeof(iv));
	buf_init(&out, 4096);
	buf_addz(&out, "before");
	assert_int_equal(jwe_content_decrypt(c, &with, text, &out, &authentic), ERR_OK);
	same = authentic && str_eq(str_sub(buf_str(&out), 6, out.n), plain);
	if (!authentic)
		assert_true(str_is(buf_str(&out), "before"));
	buf_done(&out);
	return same;
}

static void
every_length_comes_back(void **state)
{
	static const char text[] = "0123456789abcdef0123456789abcdef0123456789";

	(void)state;
	for (size_t i = 0; jwe_content_at(i) != NULL; i++) {
		const struct jwe_content *c = jwe_content_at(i);

		for (size_t n = 0; n < sizeof(text); n++) {
			unsigned char tag[JWE_TAG_MAX];
			struct buf out;

			seal(c, (struct str){ text, n }, &out, tag);
			assert_true(opens(c, buf_str(&out),
					  (struct str){ (char *)tag, c->tag_size },
					  STR("header"), 7, (struct str){ text, n }));
			buf_done(&out);
		}
	}
}

static void
refuses_any_changed_octet(void **state)
{
	const struct str plain = STR("attack at dawn, and bring sandwiches");

	(void)state;
	for (size_t i = 0; jwe_content_at(i) != NULL; i++) {
		const struct jwe_content *c = jwe_content_at(i);
		unsigned char octets[JWE_TAG_MAX];
		struct str tag = { (char *)octets, c->tag_size };
		struct buf out;

		seal(c, plain, &out, octets);
		assert_true(opens(c, buf_str(&out), tag, STR("header"), 7, plain));
		assert_false(opens(c, buf_str(&out), tag, STR("headeR"), 7, plain));
		assert_false(opens(c, buf_str(&out), tag, STR(""), 7, plain));
		assert_false(opens(c, buf_str(&out), tag, STR("header"), 8, plain));
		for (size_t k = 0; k < out.n; k++) {
			out.p[k] ^= 1;
			assert_false(
				opens(c, buf_str(&out), tag, STR("header"), 7, plain));
			out.p[k] ^= 1;
		}
		for (size_t k = 0; k < c->tag_size; k++) {
			octets[k] ^= 0x80;
			assert_false(
				opens(c, buf_str(&out), tag, STR("header"), 7, plain));
			octets[k] ^= 0x80;
		}
		buf_done(&out);
	}
}

static void
refuses_a_tag_cut_short(void **state)
{
	(void)state;
	for (size_t i = 0; jwe_content_at(i) != NULL; i++) {
		const struct jwe_content *c = jwe_content_at(i);
		unsigned char tag[JWE_TAG_MAX + 1] = { 0 };
		struct buf out;

		seal(c, STR("text"), &out, tag);
		for (size_t n = 0; n <= c->tag_size + 1 && n <= sizeof(tag); n++)
			assert_int_equal(opens(c, buf_str(&out),
					       (struct str){ (char *)tag, n },
					       STR("header"), 7, STR("text")),
					 n == c->tag_size);
		buf_done(&out);
	}
}

/* RFC 3394, 4.1, 4.4 and 4.6. */
static const struct {
	const char *kek;
	const char *key;
	const char *wrapped;
} rfc3394[] = {
	{ "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
	  "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5" },
	{ "000102030405060708090a0b0c0d0e0f1011121314151617",
	  "00112233445566778899aabbccddeeff0001020304050607",
	  "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2" },
	{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
	  "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43b"
	  "fb988b9b7a02dd21" },
};

static void
wraps_as_rfc3394(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rfc3394); i++) {
		unsigned char back[JWE_KEY_MAX];
		struct buf kek, key, wrapped, out;

		unhex(&kek, rfc3394[i].kek);
		unhex(&key, rfc3394[i].key);
		unhex(&wrapped, rfc3394[i].wrapped);
		buf_init(&out, 256);
		assert_int_equal(jwe_aeskw_wrap(buf_str(&kek), buf_str(&key), &out),
				 ERR_OK);
		assert_true(str_eq(buf_str(&out), buf_str(&wrapped)));
		assert_int_equal(
			jwe_aeskw_unwrap(buf_str(&kek), buf_str(&wrapped), back, key.n),
			ERR_OK);
		assert_memory_equal(back, key.p, key.n);
		buf_done(&kek);
		buf_done(&key);
		buf_done(&wrapped);
		buf_done(&out);
	}
}

/* `cek` holds 0x55 all over, so nothing was unwrapped into it. */
static void
assert_untouched(const unsigned char *cek, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(cek[i], 0x55);
}

static void
leaves_the_key_alone_where_aes_does_not_unwrap(void **state)
{
	unsigned char cek[16];
	struct buf kek, wrapped;

	(void)state;
	memset(cek, 0x55, sizeof(cek));
	unhex(&kek, rfc3394[0].kek);
	unhex(&wrapped, rfc3394[0].wrapped);
	for (size_t i = 0; i < wrapped.n; i++) {
		wrapped.p[i] ^= 4;
		assert_int_equal(jwe_aeskw_unwrap(buf_str(&kek), buf_str(&wrapped), cek,
						  sizeof(cek)),
				 ERR_OK);
		assert_untouched(cek, sizeof(cek));
		wrapped.p[i] ^= 4;
	}
	for (size_t n = 0; n < wrapped.n; n++) {
		assert_int_equal(jwe_aeskw_unwrap(buf_str(&kek),
						  (struct str){ wrapped.p, n }, cek,
						  sizeof(cek)),
				 ERR_OK);
		assert_untouched(cek, sizeof(cek));
	}
	assert_int_equal(jwe_aeskw_unwrap(str_sub(buf_str(&kek), 0, 15),
					  buf_str(&wrapped), cek, sizeof(cek)),
			 ERR_CRYPTO);
	buf_done(&kek);
	buf_done(&wrapped);
}

static void
leaves_the_key_alone_where_gcm_does_not_unwrap(void **state)
{
	const struct str kek = STR("0123456789abcdef");
	const struct str iv = STR("twelve bytes");
	const struct str key = STR("a key of 16 byte");
	unsigned char octets[JWE_GCMKW_TAG];
	const struct str tag = { (char *)octets, sizeof(octets) };
	unsigned char cek[16];
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_int_equal(jwe_gcmkw_wrap(kek, iv, key, &out, octets), ERR_OK);
	assert_int_equal(out.n, 16);
	memset(cek, 0x55, sizeof(cek));
	octets[3] ^= 1;
	assert_int_equal(jwe_gcmkw_unwrap(kek, iv, tag, buf_str(&out), cek, 16), ERR_OK);
	assert_untouched(cek, sizeof(cek));
	octets[3] ^= 1;
	assert_int_equal(
		jwe_gcmkw_unwrap(kek, str_sub(iv, 0, 11), tag, buf_str(&out), cek, 16),
		ERR_OK);
	assert_int_equal(
		jwe_gcmkw_unwrap(kek, iv, str_sub(tag, 0, 12), buf_str(&out), cek, 16),
		ERR_OK);
	assert_int_equal(jwe_gcmkw_unwrap(STR("fedcba9876543210"), iv, tag, buf_str(&out),
					  cek, 16),
			 ERR_OK);
	assert_untouched(cek, sizeof(cek));
	assert_int_equal(jwe_gcmkw_unwrap(kek, iv, tag, buf_str(&out), cek, 16), ERR_OK);
	assert_memory_equal(cek, key.p, key.n);
	buf_done(&out);
}

static void
derives_appendix_c_of_rfc7518(void **state)
{
	static const char z[] = { (char)158, 86,        (char)217, 29,        (char)129,
				  113,       53,        (char)211, 114,       (char)131,
				  66,        (char)131, (char)191, (char)132, 38,
				  (char)156, (char)251, 49,        110,       (char)163,
				  (char)218, (char)128, 106,       72,        (char)246,
				  (char)218, (char)167, 121,       (char)140, (char)254,
				  (char)144, (char)196 };
	unsigned char key[16];
	struct buf text;

	(void)state;
	assert_int_equal(jwe_concat_kdf((struct str){ z, sizeof(z) }, STR("A128GCM"),
					STR("Alice"), STR("Bob"), key, sizeof(key)),
			 ERR_OK);
	buf_init(&text, 64);
	base64url_encode(&text, (struct str){ (char *)key, sizeof(key) });
	assert_true(str_is(buf_str(&text), "VqqN6vgjbSBcIijNcacQGg"));
	buf_done(&text);
}

static EVP_PKEY *
x25519(const char *hex, bool is_private)
{
	struct buf b;
	EVP_PKEY *key;

	unhex(&b, hex);
	key = is_private ? EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL,
							   (unsigned char *)b.p, b.n)
			 : EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL,
							  (unsigned char *)b.p, b.n);
	buf_done(&b);
	assert_non_null(key);
	return key;
}

#define ALICE "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"

static void
agrees_as_rfc8037_a6(void **state)
{
	EVP_PKEY *alice = x25519(ALICE, true);
	EVP_PKEY *bob = x25519("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e14"
			       "6f882b4f",
			       false);
	unsigned char secret[JWE_SECRET_MAX];
	struct buf z;
	size_t n;

	(void)state;
	unhex(&z, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
	assert_int_equal(jwe_ecdh_agree(alice, bob, secret, &n), ERR_OK);
	assert_int_equal(n, 32);
	assert_memory_equal(secret, z.p, n);
	buf_done(&z);
	EVP_PKEY_free(alice);
	EVP_PKEY_free(bob);
}

/* The points of small order (RFC 7748, 6.1). */
static void
refuses_a_secret_of_zero(void **state)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	EVP_PKEY *alice = x25519(ALICE, true);

	(void)state;
	for (size_t i = 0; i < COUNT(points); i++) {
		EVP_PKEY *evil = x25519(points[i], false);
		unsigned char secret[JWE_SECRET_MAX];
		size_t n;

		assert_int_equal(jwe_ecdh_agree(alice, evil, secret, &n), ERR_SYNTAX);
		EVP_PKEY_free(evil);
	}
	EVP_PKEY_free(alice);
}

static void
refuses_to_agree_across_curves(void **state)
{
	EVP_PKEY *keys[] = { x25519(ALICE, true), EVP_EC_gen("P-256"),
			     EVP_EC_gen("P-384"), EVP_EC_gen("P-521") };
	unsigned char secret[JWE_SECRET_MAX];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		for (size_t k = 0; k < COUNT(keys); k++)
			assert_int_equal(jwe_ecdh_agree(keys[i], keys[k], secret, &n),
					 i == k ? ERR_OK : ERR_SYNTAX);
	for (size_t i = 0; i < COUNT(keys); i++)
		EVP_PKEY_free(keys[i]);
}

static void
leaves_the_key_alone_where_oaep_does_not_unwrap(void **state)
{
	EVP_PKEY *ours = EVP_RSA_gen(2048);
	const struct str key = STR("a key of 16 byte");
	unsigned char cek[16];
	struct buf out;

	(void)state;
	memset(cek, 0x55, sizeof(cek));
	buf_init(&out, 1024);
	assert_int_equal(jwe_rsa_oaep_wrap(ours, "SHA256", key, &out), ERR_OK);
	assert_int_equal(jwe_rsa_oaep_unwrap(ours, "SHA1", buf_str(&out), cek, 16),
			 ERR_OK);
	assert_int_equal(jwe_rsa_oaep_unwrap(ours, "SHA256",
					     str_sub(buf_str(&out), 1, 255), cek, 16),
			 ERR_OK);
	out.p[100] ^= 1;
	assert_int_equal(jwe_rsa_oaep_unwrap(ours, "SHA256", buf_str(&out), cek, 16),
			 ERR_OK);
	out.p[100] ^= 1;
	assert_untouched(cek, sizeof(cek));
	assert_int_equal(jwe_rsa_oaep_unwrap(ours, "SHA256", buf_str(&out), cek, 15),
			 ERR_OK);
	assert_untouched(cek, sizeof(cek));
	assert_int_equal(jwe_rsa_oaep_unwrap(ours, "SHA256", buf_str(&out), cek, 16),
			 ERR_OK);
	assert_memory_equal(cek, key.p, key.n);
	buf_done(&out);
	EVP_PKEY_free(ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computes_appendix_b_of_rfc7518),
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(refuses_any_changed_octet),
		cmocka_unit_test(refuses_a_tag_cut_short),
		cmocka_unit_test(wraps_as_rfc3394),
		cmocka_unit_test(leaves_the_key_alone_where_aes_does_not_unwrap),
		cmocka_unit_test(leaves_the_key_alone_where_gcm_does_not_unwrap),
		cmocka_unit_test(leaves_the_key_alone_where_oaep_does_not_unwrap),
		cmocka_unit_test(derives_appendix_c_of_rfc7518),
		cmocka_unit_test(agrees_as_rfc8037_a6),
		cmocka_unit_test(refuses_a_secret_of_zero),
		cmocka_unit_test(refuses_to_agree_across_curves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
