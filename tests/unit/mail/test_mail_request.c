#include "check.h"

#include <string.h>

#include "mail/mail_request.h"

static const struct str key = { "0123456789abcdef0123456789abcdef", 32 };

static bool
opens(struct str with, const char *request, struct str language, struct str sealed,
      struct buf *typed)
{
	bool good = true;

	buf_clear(typed);
	assert_int_equal(
		mail_request_unseal(with, request, language, sealed, typed, &good),
		ERR_OK);
	if (!good)
		assert_int_equal(typed->n, 0);
	return good;
}

static void
seal(struct str typed, struct buf *sealed)
{
	buf_clear(sealed);
	assert_int_equal(
		mail_request_seal(key, MAIL_REQUEST_FORGOT, STR("de"), typed, sealed),
		ERR_OK);
}

static void
opens_what_was_typed(void **state)
{
	static const char longest[MAIL_REQUEST_TYPED] = { 'x', '\0', '\xff' };
	const struct str all[] = { STR("a"),
				   STR("ann@example.org"),
				   { longest, sizeof(longest) } };
	struct buf sealed, typed;

	(void)state;
	buf_init(&sealed, MAIL_REQUEST_SEALED);
	buf_init(&typed, MAIL_REQUEST_TYPED);
	for (size_t i = 0; i < COUNT(all); i++) {
		seal(all[i], &sealed);
		assert_true(opens(key, MAIL_REQUEST_FORGOT, STR("de"), buf_str(&sealed),
				  &typed));
		assert_true(str_eq(buf_str(&typed), all[i]));
	}
	buf_done(&sealed);
	buf_done(&typed);
}

/* Neither by its length nor by being the same twice. */
static void
tells_nothing_of_what_was_typed(void **state)
{
	struct buf one, other;

	(void)state;
	buf_init(&one, MAIL_REQUEST_SEALED);
	buf_init(&other, MAIL_REQUEST_SEALED);
	seal(STR("ann"), &one);
	seal(STR("somebody.with.a.long.name@example.org"), &other);
	assert_int_equal(one.n, other.n);
	seal(STR("ann"), &other);
	assert_int_equal(one.n, other.n);
	assert_memory_not_equal(one.p, other.p, 12);
	assert_memory_not_equal(one.p + 12, other.p + 12, one.n - 12);
	buf_done(&one);
	buf_done(&other);
}

static void
opens_for_no_other_key_request_or_language(void **state)
{
	struct str other = STR("0123456789abcdef0123456789abcdeF");
	struct buf sealed, typed;

	(void)state;
	buf_init(&sealed, MAIL_REQUEST_SEALED);
	buf_init(&typed, MAIL_REQUEST_TYPED);
	seal(STR("ann"), &sealed);
	assert_false(
		opens(other, MAIL_REQUEST_FORGOT, STR("de"), buf_str(&sealed), &typed));
	assert_false(
		opens(key, MAIL_REQUEST_REGISTER, STR("de"), buf_str(&sealed), &typed));
	assert_false(
		opens(key, MAIL_REQUEST_FORGOT, STR("en"), buf_str(&sealed), &typed));
	for (size_t i = 0; i < sealed.n; i += 7) {
		sealed.p[i] ^= 1;
		assert_false(opens(key, MAIL_REQUEST_FORGOT, STR("de"), buf_str(&sealed),
				   &typed));
		sealed.p[i] ^= 1;
	}
	assert_false(opens(key, MAIL_REQUEST_FORGOT, STR("de"),
			   str_sub(buf_str(&sealed), 0, sealed.n - 1), &typed));
	assert_false(opens(key, MAIL_REQUEST_FORGOT, STR("de"), STR(""), &typed));
	buf_done(&sealed);
	buf_done(&typed);
}

static void
refuses_nothing_and_too_much(void **state)
{
	static const char much[MAIL_REQUEST_TYPED + 1] = { 'x' };
	struct buf sealed;

	(void)state;
	buf_init(&sealed, MAIL_REQUEST_SEALED);
	assert_int_equal(
		mail_request_seal(key, MAIL_REQUEST_FORGOT, STR("de"), STR(""), &sealed),
		ERR_LIMIT);
	assert_int_equal(mail_request_seal(key, MAIL_REQUEST_FORGOT, STR("de"),
					   (struct str){ much, sizeof(much) }, &sealed),
			 ERR_LIMIT);
	assert_int_equal(sealed.n, 0);
	buf_done(&sealed);
}

static void
refuses_a_short_key(void **state)
{
	struct buf sealed;

	(void)state;
	buf_init(&sealed, MAIL_REQUEST_SEALED);
	assert_int_equal(mail_request_seal(str_sub(key, 0, 31), MAIL_REQUEST_FORGOT,
					   STR(""), STR("ann"), &sealed),
			 ERR_CRYPTO);
	assert_int_equal(mail_request_seal(STR(""), MAIL_REQUEST_FORGOT, STR(""),
					   STR("ann"), &sealed),
			 ERR_CRYPTO);
	assert_int_equal(sealed.n, 0);
	buf_done(&sealed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_was_typed),
		cmocka_unit_test(tells_nothing_of_what_was_typed),
		cmocka_unit_test(opens_for_no_other_key_request_or_language),
		cmocka_unit_test(refuses_nothing_and_too_much),
		cmocka_unit_test(refuses_a_short_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
