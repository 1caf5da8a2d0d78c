#include "check.h"

#include <string.h>

#include "client/pkce.h"

/* RFC 7636, appendix B. */
static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
static const char challenge[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

static void
the_challenge_of_the_standards_example(void **state)
{
	char made[PKCE_CHALLENGE + 1];

	(void)state;
	assert_int_equal(pkce_make(str_of(verifier), made), ERR_OK);
	assert_string_equal(made, challenge);
}

static void
another_verifier_has_another_challenge(void **state)
{
	char made[PKCE_CHALLENGE + 1], other[sizeof(verifier)];

	(void)state;
	memcpy(other, verifier, sizeof(verifier));
	other[5] = 'X';
	assert_int_equal(pkce_make(str_of(other), made), ERR_OK);
	assert_string_not_equal(made, challenge);
	assert_true(pkce_challenge_is_valid(str_of(made)));
}

static void
a_verifier_has_43_to_128_unreserved_characters(void **state)
{
	char text[129];

	(void)state;
	memset(text, '~', sizeof(text));
	assert_false(pkce_verifier_is_valid((struct str){ text, 42 }));
	assert_true(pkce_verifier_is_valid((struct str){ text, 43 }));
	assert_true(pkce_verifier_is_valid((struct str){ text, 128 }));
	assert_false(pkce_verifier_is_valid((struct str){ text, 129 }));
	for (int c = 0; c < 256; c++) {
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
			     c == '~';

		text[20] = (char)c;
		assert_int_equal(pkce_verifier_is_valid((struct str){ text, 43 }), plain);
	}
}

static void
a_challenge_is_the_base64url_of_32_bytes(void **state)
{
	char text[sizeof(challenge)];

	(void)state;
	assert_true(pkce_challenge_is_valid(str_of(challenge)));
	assert_false(pkce_challenge_is_valid(str_sub(str_of(challenge), 0, 42)));
	assert_false(pkce_challenge_is_valid(STR("")));
	assert_false(pkce_challenge_is_valid((struct str){ challenge, 44 }));
	memcpy(text, challenge, sizeof(challenge));
	text[3] = '+';
	assert_false(pkce_challenge_is_valid(str_of(text)));
	text[3] = '=';
	assert_false(pkce_challenge_is_valid(str_of(text)));
	text[3] = 'e';
	text[42] = 'N'; /* bits that no byte has */
	assert_false(pkce_challenge_is_valid(str_of(text)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_challenge_of_the_standards_example),
		cmocka_unit_test(another_verifier_has_another_challenge),
		cmocka_unit_test(a_verifier_has_43_to_128_unreserved_characters),
		cmocka_unit_test(a_challenge_is_the_base64url_of_32_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
