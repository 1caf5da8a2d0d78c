#include "check.h"

#include <string.h>

#include "people/refresh.h"

static unsigned char hash[SHA256_SIZE];

static void
a_token_is_text_of_its_kind_and_never_the_same(void **state)
{
	char a[REFRESH_SIZE], b[REFRESH_SIZE];

	(void)state;
	assert_int_equal(refresh_new(a), ERR_OK);
	assert_int_equal(refresh_new(b), ERR_OK);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), 4 + 43);
	assert_true(refresh_hash(str_of(a), hash));
}

static const char *const refused[] = {
	"",
	"dwr_",
	"dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	"dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	"dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", /* not canonical */
	"dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
	"DWR_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	"dwd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* another kind */
	" dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

static void
refuses_what_has_not_the_form(void **state)
{
	static const unsigned char zero[SHA256_SIZE];

	(void)state;
	assert_true(refresh_hash(STR("dwr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
				 hash));
	for (size_t i = 0; i < COUNT(refused); i++) {
		assert_false(refresh_hash(str_of(refused[i]), hash));
		assert_memory_equal(hash, zero, sizeof(zero));
	}
}

/* Neither needs the database, which is NULL here. */
static void
a_malformed_token_renews_and_ends_nothing(void **state)
{
	struct refresh r;
	bool known = true, ended = true;

	(void)state;
	assert_int_equal(refresh_look(NULL, STR("secret"), STR("junk"), 30, &r, NULL),
			 ERR_OK);
	assert_int_equal(r.outcome, REFRESH_UNKNOWN);
	assert_string_equal(r.next, "");
	assert_int_equal(
		refresh_end(NULL, STR("junk"), STR(""), NULL, &known, &ended, NULL),
		ERR_OK);
	assert_false(known || ended);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_text_of_its_kind_and_never_the_same),
		cmocka_unit_test(refuses_what_has_not_the_form),
		cmocka_unit_test(a_malformed_token_renews_and_ends_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
