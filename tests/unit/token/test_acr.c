/* How strongly a login was proved. */
#include "check.h"

#include "token/identity.h"

static void
each_list_of_proofs_has_its_class(void **state)
{
	static const struct {
		const char *amr;
		enum acr acr;
	} rows[] = {
		{ "", ACR_1FA },
		{ "pwd", ACR_1FA },
		{ "otp", ACR_1FA },
		{ "pwd otp", ACR_1FA }, /* not called two factors by who proved it */
		{ "pwd otp mfa", ACR_2FA },
		{ "mfa", ACR_2FA },
		{ "pwd hwk mfa", ACR_PHR }, /* a security key without a PIN */
		{ "hwk user mfa", ACR_PHR },
		{ "swk user mfa", ACR_PHR },
		{ "pwd otp swk user mfa", ACR_PHR },
		{ "user", ACR_1FA },
		{ "HWK", ACR_1FA },
		{ "hwkey", ACR_1FA },
		{ "mfas", ACR_1FA },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (acr_of_amr(str_of(rows[i].amr)) != rows[i].acr)
			fail_msg("\"%s\" is %s", rows[i].amr,
				 acr_text(acr_of_amr(str_of(rows[i].amr))));
}

static void
a_class_is_known_by_its_exact_name_only(void **state)
{
	static const char *const unknown[] = { "",     "1fa ", "2FA", "mfa",
					       "phrh", "ph",   "0",   "urn:x" };

	(void)state;
	assert_int_equal(acr_find(STR("1fa")), ACR_1FA);
	assert_int_equal(acr_find(STR("2fa")), ACR_2FA);
	assert_int_equal(acr_find(STR("phr")), ACR_PHR);
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(acr_find(str_of(unknown[i])), ACR_NONE);
	assert_string_equal(acr_text(ACR_NONE), "");
	assert_string_equal(acr_text(ACR_PHR), "phr");
}

static void
only_a_login_has_proved_anything(void **state)
{
	struct identity who;

	(void)state;
	for (enum identity_kind kind = IDENTITY_CLIENT; kind <= IDENTITY_LOGIN; kind++) {
		identity_init(&who);
		who.kind = kind;
		who.acr = STR("phr");
		assert_int_equal(identity_has_proved(&who, ACR_2FA),
				 kind == IDENTITY_LOGIN);
	}
	who.acr = STR("2fa");
	assert_true(identity_has_proved(&who, ACR_1FA));
	assert_true(identity_has_proved(&who, ACR_2FA));
	assert_false(identity_has_proved(&who, ACR_PHR));
	who.acr = STR("gold");
	assert_false(identity_has_proved(&who, ACR_1FA));
	identity_init(&who);
	assert_false(identity_has_proved(&who, ACR_1FA));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_list_of_proofs_has_its_class),
		cmocka_unit_test(a_class_is_known_by_its_exact_name_only),
		cmocka_unit_test(only_a_login_has_proved_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
