/* JWKs in pieces, and what to expect of them. */
#ifndef JWK_FIXTURE_H
#define JWK_FIXTURE_H

#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/base64url.h"
#include "jose/jwk/jwk.h"
#include "jose/jws/jws_verify.h"
#include "vectors.h"
#include "json/json.h"

static inline enum err
take(const char *text, enum jwk_default purpose, struct jwk *key, struct why *why)
{
	struct json_t *root;
	enum err e;

	assert_int_equal(json_parse(str_of(text), &json_usual, &root, why), ERR_OK);
	e = jwk_parse(root, purpose, NULL, key, why);
	json_free(root);
	return e;
}

static inline void
accept(const char *text, const char *alg)
{
	struct why why = { 0 };
	struct jwk key;

	if (take(text, JWK_FOR_SIGNATURES, &key, &why) != ERR_OK)
		fail_msg("%s: %s", why.text, text);
	assert_string_equal(key.alg->name, alg);
	jwk_done(&key);
	jwk_done(&key);
}

static inline void
refuse_as(const char *text, enum err wanted)
{
	struct why why = { 0 };
	struct jwk key;
	enum err e = take(text, JWK_FOR_SIGNATURES, &key, &why);

	if (e != wanted)
		fail_msg("%d (%s): %s", e, why.text, text);
	assert_true(why.text[0] != '\0');
	jwk_done(&key);
}

static inline void
refuse(const char *text)
{
	refuse_as(text, ERR_SYNTAX);
}

#define EC(members) "{\"kty\":\"EC\",\"crv\":\"P-256\"," members "}"
#define EC_X "\"x\":\"" RFC7515_A3_X "\""
#define EC_Y "\"y\":\"" RFC7515_A3_Y "\""
#define EC_D "\"d\":\"" RFC7515_A3_D "\""
#define RSA(members) "{\"kty\":\"RSA\",\"alg\":\"RS256\"," members "}"
#define RSA_N "\"n\":\"" RFC7515_A2_N "\""
#define RSA_E "\"e\":\"AQAB\""
#define RSA_D "\"d\":\"" RFC7515_A2_D "\""
#define RSA_REST(p, q, dp, dq, qi)                                                       \
	"\"p\":\"" p "\",\"q\":\"" q "\",\"dp\":\"" dp "\",\"dq\":\"" dq                 \
	"\",\"qi\":\"" qi "\""
#define RSA_FACTORS                                                                      \
	RSA_REST(RFC7515_A2_P, RFC7515_A2_Q, RFC7515_A2_DP, RFC7515_A2_DQ, RFC7515_A2_QI)
#define OKP(members) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," members "}"
#define OKP_X "\"x\":\"" RFC8037_X "\""
#define OKP_D "\"d\":\"" RFC8037_D "\""
#define OCT(members) "{\"kty\":\"oct\"," members "}"
#define OCT_K "\"k\":\"" RFC7515_A1_K "\""
#define K16 "AAAAAAAAAAAAAAAAAAAAAA"
#define K31 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define K32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

#endif
