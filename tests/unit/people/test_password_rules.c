#include "check.h"

#include <string.h>

#include "people/password.h"
#include "people/password_rules.h"

static enum password_rule
check(struct str password)
{
	return password_rules_check(password, 8, STR("annette"), STR("Example Club"));
}

static const char *const good[] = {
	"correct horse battery staple",
	"nine lives of a cat",
	"kX9#vQ2mLp4z",
	"\xd0\xba\xd0\xbe\xd1\x88\xd0\xba\xd0\xb0 "
	"\xd0\xbb\xd0\xb5\xd1\x82\xd0\xb8\xd1\x82",
	"0e5f-91ac-77b2-d04e",
};

static const char *const guessable[] = {
	"password",   "password1", "P@ssw0rd1",  "12345678",    "qwertyuiop",
	"aaaaaaaaaa", "abcdefgh",  "1234567890", "iloveyou123", "letmein1",
};

static void
accepts_what_is_hard_to_guess_whatever_its_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_int_equal(check(str_of(good[i])), PASSWORD_GOOD);
}

static void
refuses_what_is_easy_to_guess(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guessable); i++)
		assert_int_equal(check(str_of(guessable[i])), PASSWORD_IS_GUESSABLE);
}

static void
counts_characters_and_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(check(STR("kX9#vQ2")), PASSWORD_TOO_SHORT);
	assert_int_equal(check(STR("k\xc3\xa4\xc3\xb6\xc3\xbc#vQ")), PASSWORD_TOO_SHORT);
	assert_int_equal(password_rules_check(STR("kX9#vQ2mLp4z"), 15, STR(""), STR("")),
			 PASSWORD_TOO_SHORT);
}

static void
refuses_the_names_of_user_and_site_in_any_case(void **state)
{
	(void)state;
	assert_int_equal(check(STR("kX9#ANNETTE#vQ2mLp4z")), PASSWORD_HAS_NAME);
	assert_int_equal(check(STR("kX9#example club#Lp4z")), PASSWORD_HAS_SITE);
	assert_int_equal(password_rules_check(STR("kX9#annette#vQ2m"), 8,
					      STR("annette@example.org"), STR("")),
			 PASSWORD_HAS_NAME);
	/* a name of two letters is in many a good password */
	assert_int_equal(
		password_rules_check(STR("kX9#vQ2mLp4z"), 8, STR("mL"), STR("vQ")),
		PASSWORD_GOOD);
}

static void
refuses_what_is_no_text_or_too_long(void **state)
{
	char x[PASSWORD_MAX + 1];

	(void)state;
	memset(x, 'x', sizeof(x));
	assert_int_equal(check(STR("")), PASSWORD_NOT_TEXT);
	assert_int_equal(check(STR("kX9#\0vQ2mLp4z")), PASSWORD_NOT_TEXT);
	assert_int_equal(check(STR("kX9#\xff\xffvQ2mLp4z")), PASSWORD_NOT_TEXT);
	assert_int_equal(check((struct str){ x, sizeof(x) }), PASSWORD_TOO_LONG);
}

static void
allows_very_long_ones(void **state)
{
	static const char text[] =
		"kX9#vQ2mLp4z correct horse battery staple nine lives of a cat "
		"and a fish without a bicycle, a thousand times over, says the "
		"raven, and never more than this: 0e5f-91ac-77b2-d04e";

	(void)state;
	assert_int_equal(check(str_of(text)), PASSWORD_GOOD);
}

static void
every_rule_has_a_sentence(void **state)
{
	(void)state;
	for (int r = PASSWORD_GOOD; r <= PASSWORD_IS_GUESSABLE; r++)
		assert_true(strlen(password_rules_text((enum password_rule)r)) > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_is_hard_to_guess_whatever_its_characters),
		cmocka_unit_test(refuses_what_is_easy_to_guess),
		cmocka_unit_test(counts_characters_and_not_bytes),
		cmocka_unit_test(refuses_the_names_of_user_and_site_in_any_case),
		cmocka_unit_test(refuses_what_is_no_text_or_too_long),
		cmocka_unit_test(allows_very_long_ones),
		cmocka_unit_test(every_rule_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
