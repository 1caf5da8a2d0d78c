#include "check.h"

#include <string.h>

#include "base/base64url.h"
#include "jose/jws_sign.h"
#include "jose/jws_verify.h"
#include "jose/jwt.h"
#include "json/json.h"

static void
signs_and_verifies(void **state)
{
	(void)state;
	for (size_t i = 0; alg_at(i) != NULL && alg_at(i)->use == ALG_SIGN; i++) {
		struct keyset set;
		struct jwk key;
		struct buf json, token, payload;
		struct header h;
		struct why why = { 0 };
		enum jwt_refusal r;

		buf_init(&json, 16384);
		buf_init(&token, 16384);
		buf_init(&payload, 16384);
		if (jwk_make(alg_at(i), 2048, CURVE_NONE, 1000, &key, &why) != ERR_OK)
			fail_msg("%s: %s", alg_at(i)->name, why.text);
		assert_int_equal(jwk_write(&key, JWK_WHOLE, &json), ERR_OK);
		if (keyset_parse(buf_str(&json), KEYSET_VERIFY_ANY, &set, &why) != ERR_OK)
			fail_msg("%s: %s %s", alg_at(i)->name, why.text, buf_z(&json));
		assert_int_equal(jws_sign(&key, "at+jwt", STR("hello"), &token), ERR_OK);
		if (jws_verify(&set, buf_str(&token), 2000, &h, &payload, &r) !=
		    VERDICT_ALLOW)
			fail_msg("%s: %s", alg_at(i)->name, refusal_text(r));
		assert_string_equal(buf_z(&payload), "hello");
		header_done(&h);
		keyset_done(&set);
		jwk_done(&key);
		buf_done(&json);
		buf_done(&token);
		buf_done(&payload);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_and_verifies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
