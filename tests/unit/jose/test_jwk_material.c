#include "jwk_fixture.h"

static void
refuses_short_secrets(void **state)
{
	(void)state;
	accept(OCT("\"alg\":\"HS256\",\"k\":\"" K32 "\""), "HS256");
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"" K31 "\""));
	refuse(OCT("\"alg\":\"HS384\",\"k\":\"" K32 "\""));
	refuse(OCT("\"alg\":\"HS512\",\"k\":\"" K32 "\""));
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"\""));
	accept(OCT("\"alg\":\"A128KW\",\"k\":\"" K16 "\""), "A128KW");
	accept(OCT("\"alg\":\"dir\",\"k\":\"" K16 "\""), "dir");
	refuse(OCT("\"alg\":\"dir\",\"k\":\"" K31 "\""));
	refuse(OCT("\"alg\":\"A128KW\",\"k\":\"" K32 "\""));
	refuse(OCT("\"alg\":\"A256KW\",\"k\":\"" K16 "\""));
	refuse(OCT("\"alg\":\"A256GCM\",\"k\":\"" K31 "\""));
}

static void
refuses_other_than_canonical_base64url(void **state)
{
	(void)state;
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"" K32 "=\""));
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"" K32 "\\n\""));
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"" K31 "B\""));
	refuse(OCT("\"alg\":\"HS256\",\"k\":\"+/" K32 "A\""));
	refuse(EC("\"x\":\"" RFC7515_A3_X "=\"," EC_Y));
	/* the last character's two unused bits set */
	refuse(EC("\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV\"," EC_Y));
	refuse(RSA(RSA_N ",\"e\":\"AQAB\\u0020\""));
}

static void
refuses_keys_that_are_too_long(void **state)
{
	char k[2000], jwk[2200];

	(void)state;
	memset(k, 'A', sizeof(k));
	k[1368] = '\0'; /* 1026 octets */
	snprintf(jwk, sizeof(jwk), "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"%s\"}", k);
	refuse(jwk);
	memset(k, '_', sizeof(k));
	k[1368] = '\0';
	snprintf(jwk, sizeof(jwk),
		 "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"%s\"}", k);
	refuse(jwk);
	k[JWK_KID_MAX + 1] = '\0';
	snprintf(jwk, sizeof(jwk), EC(EC_X "," EC_Y ",\"kid\":\"%s\""), k);
	refuse(jwk);
	k[JWK_KID_MAX] = '\0';
	snprintf(jwk, sizeof(jwk), EC(EC_X "," EC_Y ",\"kid\":\"%s\""), k);
	accept(jwk, "ES256");
}

static void
refuses_weak_or_odd_rsa(void **state)
{
	char n[2000], jwk[2200];

	(void)state;
	accept(RSA(RSA_N "," RSA_E), "RS256");
	accept(RSA(RSA_N ",\"e\":\"Aw\""), "RS256"); /* 3 */
	refuse(RSA(RSA_N ",\"e\":\"AQ\""));          /* 1 */
	refuse(RSA(RSA_N ",\"e\":\"Ag\""));          /* 2 */
	refuse(RSA(RSA_N ",\"e\":\"AQAA\""));        /* 65536 */
	refuse(RSA(RSA_N ",\"e\":\"AA\""));          /* 0 */
	refuse(RSA(RSA_N ",\"e\":\"\""));
	refuse(RSA(RSA_N ",\"e\":\"AAEAAQ\""));       /* a leading zero */
	refuse(RSA(RSA_N ",\"e\":\"AQAAAAAAAAAB\"")); /* 65 bits */
	refuse(RSA(RSA_N ",\"e\":\"" RFC7515_A2_N "\""));
	refuse(RSA("\"n\":\"AA" RFC7515_A2_N "\"," RSA_E)); /* not the fewest octets */
	refuse(RSA("\"n\":\"" RFC7515_A3_X "\"," RSA_E));
	refuse(RSA("\"n\":\"AQAB\"," RSA_E));
	/* 2047 bits: the top bit of 2048 cleared; and an even one */
	snprintf(jwk, sizeof(jwk), RSA("\"n\":\"I%s\"," RSA_E), &RFC7515_A2_N[1]);
	refuse(jwk);
	snprintf(n, sizeof(n), "%s", RFC7515_A2_N);
	n[strlen(n) - 1] = 'A';
	snprintf(jwk, sizeof(jwk), RSA("\"n\":\"%s\"," RSA_E), n);
	refuse(jwk);
}

static void
refuses_rsa_parts_that_do_not_match(void **state)
{
#define WRONG(p, q, dp, dq, qi)                                                          \
	RSA(RSA_N "," RSA_E "," RSA_D "," RSA_REST(p, q, dp, dq, qi))
#define A(part) RFC7515_A2_##part
	(void)state;
	accept(RSA(RSA_N "," RSA_E "," RSA_D "," RSA_FACTORS), "RS256");
	accept(RSA(RSA_N "," RSA_E "," RSA_D), "RS256");
	accept(WRONG(A(P), A(Q), A(DP), A(DQ), A(QI)), "RS256");
	refuse(WRONG(A(Q), A(P), A(DP), A(DQ), A(QI)));
	refuse(WRONG(A(P), A(P), A(DP), A(DQ), A(QI)));
	refuse(WRONG(A(P), A(Q), A(DQ), A(DP), A(QI)));
	refuse(WRONG(A(P), A(Q), A(DP), A(DP), A(QI)));
	refuse(WRONG(A(P), A(Q), A(DP), A(DQ), A(DP)));
	refuse(WRONG("AQ", A(N), A(DP), A(DQ), A(QI)));
	refuse(WRONG(A(P), A(Q), A(DP), A(DQ), ""));
	refuse(RSA(RSA_N "," RSA_E ",\"d\":\"" RFC7515_A2_P "\""));
	refuse(RSA(RSA_N "," RSA_E ",\"d\":\"" RFC7515_A2_N "\""));
	refuse(RSA(RSA_N "," RSA_E ",\"d\":\"AQ\""));
	refuse(RSA(RSA_N "," RSA_E "," RSA_FACTORS));
	refuse(RSA(RSA_N "," RSA_E "," RSA_D ",\"p\":\"" RFC7515_A2_P "\""));
	/* the private part of one key, the public part of another */
	refuse(RSA("\"n\":\"" RFC7520_N "\"," RSA_E "," RSA_D "," RSA_FACTORS));
	refuse(RSA("\"n\":\"" RFC7520_N "\"," RSA_E "," RSA_D));
	refuse_as(RSA(RSA_N "," RSA_E "," RSA_D "," RSA_FACTORS ",\"oth\":[]"),
		  ERR_UNSUPPORTED);
#undef A
#undef WRONG
}

static void
refuses_points_off_the_curve(void **state)
{
	(void)state;
	refuse(EC("\"x\":\"" RFC7515_A3_Y "\","
		  "\"y\":\"" RFC7515_A3_X "\""));
	refuse(EC(EC_X ",\"y\":\"" RFC7515_A3_X "\""));
	refuse(EC("\"x\":\"" K32 "\",\"y\":\"" K32 "\""));
	/* x = p, and all ones: beyond the field */
	refuse(EC("\"x\":\"_____wAAAAEAAAAAAAAAAAAAAAD_______________8\"," EC_Y));
	refuse(EC("\"x\":\"__________________________________________8\"," EC_Y));
	/* a point of another curve */
	refuse("{\"kty\":\"EC\",\"crv\":\"P-384\"," EC_X "," EC_Y "}");
	refuse("{\"kty\":\"EC\",\"crv\":\"P-521\"," EC_X "," EC_Y "}");
}

static void
refuses_coordinates_of_wrong_length(void **state)
{
	(void)state;
	refuse(EC("\"x\":\"" K31 "\"," EC_Y));
	refuse(EC("\"x\":\"AH_NzidNtsRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF\"," EC_Y));
	refuse(EC("\"x\":\"\"," EC_Y));
	refuse(EC(EC_X ",\"y\":\"AA\""));
	/* P-521 without its leading zero octets */
	refuse("{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" RFC7515_A3_X
	       "\",\"y\":\"" RFC7520_Y "\"}");
	refuse(OKP("\"x\":\"" K31 "\""));
	refuse(OKP("\"x\":\"" RFC8037_X "AA\""));
}

static void
refuses_private_parts_that_do_not_match(void **state)
{
	(void)state;
	accept(EC(EC_X "," EC_Y "," EC_D), "ES256");
	refuse(EC(EC_X "," EC_Y ",\"d\":\"" RFC7517_D "\""));
	refuse(EC(EC_X "," EC_Y ",\"d\":\"" K32 "\""));
	/* n, n + the right one does not fit; and lengths */
	refuse(EC(EC_X "," EC_Y
		       ",\"d\":\"_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE\""));
	refuse(EC(EC_X "," EC_Y ",\"d\":\"" K31 "\""));
	refuse(EC(EC_X "," EC_Y ",\"d\":\"\""));
	refuse(EC(EC_X "," EC_Y
		       ",\"d\":\"AI6bEJ5xkJi_mASH3x9dd-tnKWBuvtImO19XwhPfhPSy\""));
	accept(OKP(OKP_X "," OKP_D), "EdDSA");
	refuse(OKP(OKP_X ",\"d\":\"" K32 "\""));
	refuse(OKP(OKP_X ",\"d\":\"" K31 "\""));
	refuse(OKP(OKP_D));
}

/* Under a point of small order one signature is good for many messages. */
static void
refuses_ed25519_points_of_small_order(void **state)
{
	static const char *const octets[] = {
		"\x00", /* y = 0, order 4 */
		"\x01", /* y = 1, order 1 */
		"\xec\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", /* -1, order 2 */
		"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf"
		"\xac"
		"\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05", /* order 8 */
		"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20"
		"\x53"
		"\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a", /* order 8 */
		/* y = p, p + 1: beyond the field */
		"\xed\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"\xee\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"\x02", /* y = 2: no point */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(octets); i++)
		for (int sign = 0; sign < 2; sign++) {
			char x[33] = { 0 }, jwk[200];
			struct buf text;

			memcpy(x, octets[i], strlen(octets[i]) > 1 ? 32 : 1);
			if (sign)
				x[31] = (char)(x[31] | 0x80);
			buf_init(&text, 100);
			base64url_encode(&text, (struct str){ x, 32 });
			snprintf(jwk, sizeof(jwk), OKP("\"x\":\"%s\""), buf_z(&text));
			refuse(jwk);
			buf_done(&text);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_short_secrets),
		cmocka_unit_test(refuses_other_than_canonical_base64url),
		cmocka_unit_test(refuses_keys_that_are_too_long),
		cmocka_unit_test(refuses_weak_or_odd_rsa),
		cmocka_unit_test(refuses_rsa_parts_that_do_not_match),
		cmocka_unit_test(refuses_points_off_the_curve),
		cmocka_unit_test(refuses_coordinates_of_wrong_length),
		cmocka_unit_test(refuses_private_parts_that_do_not_match),
		cmocka_unit_test(refuses_ed25519_points_of_small_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
