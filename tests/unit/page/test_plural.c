#include "check.h"

#include <stdio.h>
#include <string.h>

#include "page/plural.h"

/* The samples of the Unicode CLDR, version 44, Language Plural Rules, for integers. */
static void
takes_the_form_that_the_language_has_for_a_number(void **state)
{
	static const struct {
		const char *tag, *form, *numbers;
	} samples[] = {
		{ "en", "one", "1" },
		{ "en", "other", "0 2 3 10 21 101 1000000" },
		{ "de", "one", "1" },
		{ "de", "other", "0 2 11 21 1000000" },
		{ "es", "one", "1" },
		{ "es", "other", "0 2 21 1000000" },
		{ "fr", "one", "0 1" },
		{ "fr", "other", "2 21 1000000" },
		{ "fr-ca", "one", "0" },
		{ "pt-br", "one", "0 1" },
		{ "pt-pt", "other", "0" },
		{ "ja", "other", "0 1 2" },
		{ "ru", "one", "1 21 101" },
		{ "ru", "few", "2 4 22 104" },
		{ "ru", "many", "0 5 11 12 14 111 112" },
		{ "hr", "one", "1 21" },
		{ "hr", "few", "2 24" },
		{ "hr", "other", "0 5 11 12 25" },
		{ "pl", "one", "1" },
		{ "pl", "few", "2 22 104" },
		{ "pl", "many", "0 5 12 21 101" },
		{ "cs", "few", "2 3 4" },
		{ "cs", "other", "0 5 22" },
		{ "sl", "one", "1 101" },
		{ "sl", "two", "2 202" },
		{ "sl", "few", "3 104" },
		{ "sl", "other", "0 5 11" },
		{ "lt", "one", "1 21" },
		{ "lt", "few", "2 29" },
		{ "lt", "other", "0 10 11 19 20" },
		{ "lv", "zero", "0 10 11 19 30" },
		{ "lv", "one", "1 21" },
		{ "lv", "other", "2 22" },
		{ "ro", "one", "1" },
		{ "ro", "few", "0 2 19 101 119" },
		{ "ro", "other", "20 100" },
		{ "is", "one", "1 21" },
		{ "is", "other", "0 11" },
		{ "he", "two", "2" },
		{ "he", "other", "0 3" },
		{ "ar", "zero", "0" },
		{ "ar", "two", "2" },
		{ "ar", "few", "3 10 103" },
		{ "ar", "many", "11 99 111" },
		{ "ar", "other", "100 102" },
		{ "frr", "one", "1" }, /* no kind of French */
		{ "frr", "other", "0" },
		{ "", "one", "1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct str tag = str_of(samples[i].tag),
			   rest = str_of(samples[i].numbers);

		while (rest.n > 0) {
			struct str number = str_cut(&rest, ' ');
			const char *form = plural_form(tag, number);

			if (strcmp(form, samples[i].form) != 0)
				fail_msg("%s: %.*s is %s", samples[i].tag,
					 STR_ARG(number), form);
		}
	}
}

static void
takes_other_for_what_is_no_whole_number(void **state)
{
	static const char *const none[] = {
		"",
		"-1",
		"1.0",
		" 1",
		"1 ",
		"one",
		"1234567890123456789",
		"18446744073709551617", /* 1 in 64 bits */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_string_equal(plural_form(STR("en"), str_of(none[i])), "other");
	assert_string_equal(plural_form(STR("en"), STR("0001")), "one");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_form_that_the_language_has_for_a_number),
		cmocka_unit_test(takes_other_for_what_is_no_whole_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
