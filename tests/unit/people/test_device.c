#include "check.h"

#include <stdio.h>
#include <string.h>

#include "people/device.h"

#define NOW INT64_C(1800000000)

static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };

static const struct device ann = { .user = "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
				   .version = 7,
				   .made_at = NOW,
				   .nonce = "0123456789abcde" };

static char text[DEVICE_SIZE];

static int
setup(void **state)
{
	(void)state;
	return device_issue(secret, &ann, text) == ERR_OK ? 0 : -1;
}

static bool
is_good(struct str s, struct str t, int64_t now)
{
	static const struct device nothing;
	struct device d = ann;
	bool good = true;

	assert_int_equal(device_read(s, t, now, &d, &good), ERR_OK);
	if (!good)
		assert_memory_equal(&d, &nothing, sizeof(d));
	return good;
}

static void
says_what_was_put_into_it(void **state)
{
	struct device d;
	bool good;

	(void)state;
	assert_int_equal(strlen(text), DEVICE_SIZE - 1);
	assert_int_equal(device_read(secret, str_of(text), NOW, &d, &good), ERR_OK);
	assert_true(good);
	assert_string_equal(d.user, ann.user);
	assert_int_equal(d.version, ann.version);
	assert_int_equal(d.made_at, ann.made_at);
	assert_memory_equal(d.nonce, ann.nonce, sizeof(d.nonce));
}

static void
is_good_for_four_hundred_days(void **state)
{
	(void)state;
	assert_true(is_good(secret, str_of(text), NOW + DEVICE_LIFE));
	assert_false(is_good(secret, str_of(text), NOW + DEVICE_LIFE + 1));
	assert_true(is_good(secret, str_of(text), NOW - 86400));
	assert_false(is_good(secret, str_of(text), NOW - 86401));
}

static void
refuses_another_session_secret(void **state)
{
	(void)state;
	assert_false(is_good(STR("0123456789abcdef0123456789abcdeg"), str_of(text), NOW));
}

static void
refuses_a_change_of_any_character(void **state)
{
	(void)state;
	for (size_t i = 0; i < DEVICE_SIZE - 1; i++) {
		char other[DEVICE_SIZE];

		memcpy(other, text, sizeof(other));
		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_false(is_good(secret, str_of(other), NOW));
	}
}

static void
refuses_what_has_not_the_form(void **state)
{
	char longer[DEVICE_SIZE + 1];

	(void)state;
	assert_false(is_good(secret, STR(""), NOW));
	assert_false(is_good(secret, STR("dwd_"), NOW));
	assert_false(is_good(secret, (struct str){ text, DEVICE_SIZE - 2 }, NOW));
	assert_false(is_good(secret, (struct str){ text, DEVICE_SIZE }, NOW));
	assert_false(is_good(secret, (struct str){ text + 1, DEVICE_SIZE - 2 }, NOW));
	memcpy(longer, text, DEVICE_SIZE - 1);
	memcpy(longer + DEVICE_SIZE - 1, "A", 2);
	assert_false(is_good(secret, str_of(longer), NOW));
	/* known devices of the first days: 256 random bits */
	assert_false(is_good(
		secret, STR("dwd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), NOW));
}

static void
writes_none_for_what_is_no_user_or_version(void **state)
{
	static const char *const users[] = { "", "0c1d2e3f-4a5b-4c6d-8e7f-90123456789",
					     "0c1d2e3f-4a5b-4c6d-8e7f-90123456789g",
					     "0c1d2e3f04a5b-4c6d-8e7f-901234567890" };
	struct device d = ann;
	char out[DEVICE_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(users); i++) {
		snprintf(d.user, sizeof(d.user), "%s", users[i]);
		assert_int_equal(device_issue(secret, &d, out), ERR_SYNTAX);
		assert_string_equal(out, "");
	}
	d = ann;
	d.version = 0;
	assert_int_equal(device_issue(secret, &d, out), ERR_SYNTAX);
	d.version = INT64_C(1) << 31;
	assert_int_equal(device_issue(secret, &d, out), ERR_SYNTAX);
}

static void
new_devices_differ_in_their_hash(void **state)
{
	unsigned char one[SHA256_SIZE], two[SHA256_SIZE];
	struct device a, b;

	(void)state;
	assert_int_equal(device_new(&a), ERR_OK);
	assert_int_equal(device_new(&b), ERR_OK);
	assert_int_equal(device_hash(&a, one), ERR_OK);
	assert_int_equal(device_hash(&b, two), ERR_OK);
	assert_memory_not_equal(one, two, sizeof(one));
}

static void
knows_the_device_of_its_owner_only(void **state)
{
	const struct {
		struct device_owner owner;
		const char *text;
		bool known;
	} rows[] = {
		{ { str_of(ann.user), ann.version }, text, true },
		{ { str_of(ann.user), ann.version + 1 }, text, false },
		{ { STR("00000000-0000-4000-8000-000000000000"), ann.version },
		  text,
		  false },
		{ { STR(""), ann.version }, text, false },
		{ { str_of(ann.user), ann.version }, "nothing", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool known = !rows[i].known;
		struct device d;

		assert_int_equal(device_read_of(secret, str_of(rows[i].text), NOW,
						&rows[i].owner, &d, &known),
				 ERR_OK);
		assert_int_equal(known, rows[i].known);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_was_put_into_it),
		cmocka_unit_test(is_good_for_four_hundred_days),
		cmocka_unit_test(refuses_another_session_secret),
		cmocka_unit_test(refuses_a_change_of_any_character),
		cmocka_unit_test(refuses_what_has_not_the_form),
		cmocka_unit_test(writes_none_for_what_is_no_user_or_version),
		cmocka_unit_test(knows_the_device_of_its_owner_only),
		cmocka_unit_test(new_devices_differ_in_their_hash),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
